"""Churn risk for the retention team's dashboard."""

import json
import logging
import os
import time

import joblib
import numpy as np
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger("churn")

FEATURES = ("tenure_months", "monthly_charge", "support_calls", "contract_months_left")


def init():
    global model
    started = time.perf_counter()
    path = os.path.join(os.environ["AZUREML_MODEL_DIR"], "churn-classifier.pkl")
    model = joblib.load(path)
    logger.info("loaded %s in %.1f s", path, time.perf_counter() - started)


def to_matrix(raw_data):
    customers = json.loads(raw_data)["customers"]
    return np.array([[float(customer[name]) for name in FEATURES] for customer in customers])


def run(raw_data):
    try:
        matrix = to_matrix(raw_data)
    except (ValueError, KeyError, TypeError):
        logger.warning("the request is not a list of customers", exc_info=True)
        fields = ", ".join(FEATURES)
        return AMLResponse({"error": f"send customers with {fields}"}, 400, json_str=True)
    try:
        risk = model.predict_proba(matrix)[:, 1]
        return {"risk": risk.round(4).tolist()}
    except Exception:
        logger.exception("prediction failed")
        return AMLResponse({"error": "prediction failed"}, 500, json_str=True)
