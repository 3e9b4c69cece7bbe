"""A key, password or token is written into the script.

## What it does
Reports secrets in a scoring script, and in the modules that it imports from its source
directory: published formats wherever they stand, comments included (storage account and
other Azure keys, SAS tokens, client secrets of Entra ID, Azure DevOps, OpenAI, Hugging
Face, GitHub, Google, AWS and Slack tokens, JSON web tokens, private keys, passwords in
addresses and connection strings), and what names such as `password` or `api_key` are given
where it looks like one. Placeholders, words, GUIDs, hashes under other names, and the keys
of the emulators are not reported.

The message shows the first characters at most, and secrets are struck out of the source
lines and messages of all other findings too. What a fix is made of, and `--diff`, show the
file as it is.

## Why it matters
The script goes into the image, the workspace's storage account and the repository, and
each of them has more readers than the secret should have. What was committed once stays in
the history, so that taking it out is not enough.

## Example
```python score.py {5,11}
import os

from azure.storage.blob import BlobServiceClient

API_KEY = "q7Rt2mXv9LbK4nWc8ZdP1sHy6GfJ3aTe"


def init():
    global blobs, key
    key = API_KEY
    password = "Tr7!kelpie-Mx"
    blobs = BlobServiceClient(os.environ["BLOBS_URL"], credential=password)


def run(raw_data):
    return {"blobs": len(blobs.get_account_information()), "rows": len(raw_data)}
```

## Use instead
```python score.py
import os

from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient


def init():
    global blobs
    blobs = BlobServiceClient(os.environ["BLOBS_URL"], credential=DefaultAzureCredential())


def run(raw_data):
    return {"blobs": len(blobs.get_account_information()), "rows": len(raw_data)}
```

## Sources
- The formats are those that scanners have in common; Azure's annotated keys after
  `CommonAnnotatedSecurityKey` in microsoft/security-utilities. Each was tried on random texts
  of its form, which open nothing, and on hashes, GUIDs, images in base64, names of models
  and other texts that only look like secrets.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, finding
from amllint.findings.secrets import Secret, secrets_in
from amllint.rules.registry import rule


@rule("AML130", "secret-in-script", severity="error", stage="operate")
def secret_in_script(script: ScoringScript) -> Iterator[Observation]:
    """Report each secret once."""
    for module in (script.itself, *script.modules.values()):
        for secret in secrets_in(module.source.text):
            yield finding(
                module.at(secret.span),
                f"{secret.what} is written into the script{_shown(secret)}: "
                "whoever can read the image, the code or its history has it",
                help="revoke it, since the history keeps it; use a managed identity "
                '(DefaultAzureCredential), or os.environ["…"] that the deployment sets',
                key=secret.what,
            )


def _shown(secret: Secret) -> str:
    return f" (`{secret.shown}…`)" if secret.shown else ""
