"""Churn risk for the retention team's dashboard."""

import json
import logging
import time

import joblib
import numpy as np
from azureml.core.model import Model

logger = logging.getLogger("churn")

FEATURES = ("tenure_months", "monthly_charge", "support_calls", "contract_months_left")


def init():
    started = time.perf_counter()
    path = Model.get_model_path("churn-classifier")
    model = joblib.load(path)
    logger.info("loaded %s in %.1f s", path, time.perf_counter() - started)


def to_matrix(raw_data):
    customers = json.loads(raw_data)["customers"]
    return np.array([[float(customer[name]) for name in FEATURES] for customer in customers])


def run(raw_data):
    matrix = to_matrix(raw_data)
    try:
        risk = model.predict_proba(matrix)[:, 1]
        return {"risk": risk.round(4).tolist()}
    except Exception as e:
        logger.error("prediction failed")
        return {"error": f"prediction failed: {e}"}
