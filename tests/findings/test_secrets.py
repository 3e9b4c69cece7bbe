"""What is taken for a secret, and what only looks like one.

No text here opens anything: those in the form of a secret are put together from random
pieces when the tests run, so that no scanner finds them in this file either.
"""

from __future__ import annotations

import base64
import hashlib
import random
import string
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amllint.findings.secret_formats import PUBLISHED
from amllint.findings.secrets import concealed, concealed_slice, secrets_in
from amllint.source.text import SourceText, Span

ANY = string.ascii_letters + string.digits
DICE = random.Random(20)


def some(length: int, alphabet: str = ANY) -> str:
    return "".join(DICE.choice(alphabet) for _ in range(length))


def in_base64(size: int) -> str:
    return base64.b64encode(DICE.randbytes(size)).decode()


def web_token() -> str:
    parts = (b'{"alg":"RS256","typ":"JWT"}', b'{"sub":"8842","iat":1712}', DICE.randbytes(48))
    return ".".join(base64.urlsafe_b64encode(p).decode().rstrip("=") for p in parts)


def signature() -> str:
    return in_base64(32).replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")


CASK = some(52) + "JQQJ" + "99" + "BCAC" + some(12) + "AB" + some(7)
SECRETS = {
    "storage connection string": ("AccountName=a;AccountKey={};EndpointSuffix=x", in_base64(64)),
    "event hub": ("Endpoint=sb://a/;SharedAccessKey={}", in_base64(32)),
    "SAS": ("url = 'https://a.blob.core.windows.net/c/b?sv=2022&sp=r&sig={}'", signature()),
    "SAS, signature not last": ("u = 'https://a/c?sig={}&se=2030-01-01'", signature()),
    "annotated Azure key": ("# {}", CASK[:52] + "JQQJ99" + "BC" + some(16) + "A" + some(7)),
    "storage account key alone": ("x = '{}'", some(76) + "+ASt" + some(5) + "A=="),
    "Entra client secret": ("s = '{}'", some(3) + "8Q" + "~" + some(34)),
    "Azure DevOps": ("t = '{}'", some(76) + "AZ" + "DO" + some(4)),
    "OpenAI": ("k = '{}'", "sk-" + some(20) + "T3Blbk" + "FJ" + some(20)),
    "OpenAI project": ("k = '{}'", "sk-proj-" + some(40) + "T3Blbk" + "FJ" + some(40)),
    "Anthropic": ("k = '{}'", "sk-" + "ant-api03-" + some(93)),
    "Hugging Face": ("login(token='{}')", "h" + "f_" + some(34)),
    "GitHub": ("git+https://{}@github.com", "gh" + "p_" + some(36)),
    "GitHub, fine-grained": ("t = '{}'", "github" + "_pat_" + some(22) + "_" + some(59)),
    "Google": ("k = '{}'", "AI" + "za" + some(35)),
    "Slack": ("k = '{}'", "xo" + "xb-" + some(11, string.digits) + "-" + some(24)),
    "AWS": ("k = '{}'", "AK" + "IA" + some(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")),
    "web token": ("headers = dict(Authorization='Bearer {}')", web_token()),
    "private key": (
        '"""-----BEGIN RSA ' + "PRIVATE KEY-----{}-----END RSA PRIVATE KEY-----",
        "\n" + "\n".join(in_base64(48) for _ in range(12)) + "\n",
    ),
    "database address": ("e = create_engine('postgresql://svc:{}@db.contoso.net/x')", "hR7!tq09Lm"),
    "SQL connection string": ("c = 'Server=tcp:a.net;User ID=svc;Password={};'", "hR7!tq09Lm"),
    "password": ("password = '{}'", "hR7!tq09Lm"),
    "annotated password": ("DB_PASSWORD: str = '{}'", "hR7!tq09Lm"),
    "password in a dict": ('{{"password": "{}"}}', "hR7!tq09Lm"),
    "password argument": ("connect(host, pwd='{}')", "hR7!tq09Lm"),
    "default of a lookup": ("k = os.getenv('API_KEY', '{}')", some(32)),
    "environment set": ("os.environ['AZURE_CLIENT_SECRET'] = '{}'", some(40)),
    "service principal": ("ServicePrincipal(service_principal_password='{}')", some(36)),
    "hexadecimal key": ("subscription_key = '{}'", hashlib.md5(b"k").hexdigest()),
    "endpoint key": ("key = '{}'", some(32)),
    "credential": ("c = AzureKeyCredential('{}')", some(32)),
    "bearer": ("headers = {{'Authorization': 'Bearer {}'}}", some(32)),
}
HARMLESS = {
    "lookup": "api_key = os.environ['API_KEY']",
    "lookup with default": "password = os.getenv('PASSWORD', '')",
    "angle brackets": "api_key = '<your-api-key-0123456789>'",
    "braces": "key = '{api_key_9f8a7b6c5d4e3f2a1b0c}'",
    "template": "password = '${DB_PASSWORD_1}'",
    "variable in an f-string": "header = f'Bearer {token}'",
    "x": "AccountKey=" + "x" * 86 + "==",
    "zeros": "api_key = '00000000000000000000000000000000'",
    "counted": "api_key = '0123456789abcdef0123456789abcdef'",
    "change me": "password = 'ChangeMe123!'",
    "example key": "api_key = 'example9f8a7b6c5d4e3f2a1b0c'",
    "stars": "password = '********'",
    "name of an environment variable": "secret = 'AZURE_CLIENT_SECRET_2'",
    "name in a vault": "secret = kv.get_secret('storage-key-2024-prod')",
    "vault name given": "account_key = 'my-workspace-storage-key-v2-prod'",
    "pad token": "pad_token = '[PAD]'; eos_token = '</s>'; access_token = None",
    "dictionary key": "key = 'probability_of_default_v2'",
    "sort key": "rows.sort(key='customer_id_2023_q4')",
    "primary key": "primary_key = 'customer_identifier_2021_column'",
    "hash": f"checksum = '{hashlib.sha256(b'm').hexdigest()}'",
    "commit": f"revision = '{hashlib.sha1(b'm').hexdigest()}'",
    "etag in a dict": f"{{'etag': '{hashlib.md5(b'm').hexdigest()}'}}",
    "md5 under key": f"key = '{hashlib.md5(b'm').hexdigest()}'",
    "GUID": f"subscription_id = '{uuid.UUID(int=DICE.getrandbits(128))}'",
    "GUID under a key's name": f"api_key = '{uuid.UUID(int=DICE.getrandbits(128))}'",
    "instrumentation": f"InstrumentationKey={uuid.UUID(int=DICE.getrandbits(128))}",
    "resource id": "secret = '/subscriptions/a1b2/resourceGroups/rg-2/providers/x'",
    "image": f"logo = 'data:image/png;base64,{in_base64(400)}'",
    "image alone": f"image = '{in_base64(400)}'",
    "serialized numbers": f"data = '{in_base64(64)}'",
    "model name": "model = 'hf_bert-base-multilingual-uncased-sentiment-v2'",
    "module name": "from azureml import hf_model_wrapper_for_text_generation_x",
    "css": "'#sk-container-id-1 div.sk-toggleable__content {max-height: 0}'",
    "data set": "name = 'sk-fridge-items-image-object-detection-2023-multi-label'",
    "emulator": f"AccountKey={next(k for k in PUBLISHED if len(k) == 88)}",
    "AWS's documentation": "aws = 'AKIAIOSFODNN7EXAMPLE'",
    "sig in words": "sig=signature_of_the_function_that_is_being_called_here",
    "address without a password": "u = 'https://contoso.blob.core.windows.net/c?sv=2022&sp=r'",
    "address with a placeholder": "u = 'postgresql://user:<password>@db.contoso.net/x'",
    "address with a variable": "u = f'mysql://svc:{password}@db.contoso.net/x'",
    "two base64 texts": f"x = 'eyJ{some(20)}.eyJ{some(20)}.{some(20)}'",
    "scope": "token = cred.get_token('https://cognitiveservices.azure.com/.default')",
    "path": "password_file = '/run/secrets/db-password-2'; password = '/run/secrets/pw-2'",
    "test": "password = 'test1234!'",
    "prompt": "password = 'Enter it (8 or more)'",
    "word": "password = 'rosebud-and-thyme'",
    "not given": "password: str = Field(..., description='at least 8')",
}


@pytest.mark.parametrize("name", SECRETS)
def test_a_text_in_the_form_of_a_secret_is_found_and_struck_out(name: str) -> None:
    frame, secret = SECRETS[name]
    text = "x = 1\n" + frame.format(secret) + "\n"
    (found,) = secrets_in(text)
    assert text[found.span.start : found.span.end] == secret
    assert len(found.shown) <= 4
    assert 4 * len(found.shown) <= len(secret)
    hidden = concealed(text)
    assert secret not in hidden
    assert secret[len(found.shown) + 1 :] not in hidden
    assert len(hidden) == len(text)
    assert hidden.startswith("x = 1\n")


@pytest.mark.parametrize("name", HARMLESS)
def test_a_text_that_only_looks_like_a_secret_is_left_alone(name: str) -> None:
    assert secrets_in(HARMLESS[name]) == ()
    assert concealed(HARMLESS[name]) == HARMLESS[name]


def test_a_piece_of_a_secret_is_struck_out_where_the_rest_is_cut_off() -> None:
    text = "a = 1\nsubscription_key = '" + some(32) + "'\n"
    (found,) = secrets_in(text)
    source = SourceText("score.py", text)
    tail = Span(found.span.start + 20, found.span.end + 1)
    assert concealed_slice(source, tail) == "*" * 12 + "'"


def test_published_keys_are_no_secrets() -> None:
    for key in PUBLISHED:
        assert secrets_in(f"AccountKey={key}") == ()


@given(st.text())
def test_any_text_keeps_its_length_and_its_lines(text: str) -> None:
    assert len(concealed(text)) == len(text)
    assert len(concealed(text).splitlines()) == len(text.splitlines())
