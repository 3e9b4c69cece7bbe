def init():
    import numpy as np
    print(np.__version__)


def run(body):
    return np.zeros(3).tolist()
