"""What secrets look like: formats of keys and tokens, and names that hold secrets.

Data only; `secrets` applies it. `source` names where a format comes from: who issues it,
or who scans for it. Each format has the group that is the secret, and a text
that stands in every match, so that most files are passed over with a substring search.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class Format(NamedTuple):
    """A published format. Group 1 is what must not be read, all of the match without one."""

    what: str
    hint: str
    pattern: re.Pattern[str]
    source: str


_AZURE: Final = "github.com/microsoft/security-utilities, docs: identifiable keys"
_GITHUB: Final = "docs.github.com, supported secret scanning patterns"

FORMATS: Final = (
    Format(
        "an Azure Storage account key",
        "AccountKey=",
        re.compile(r"AccountKey=([A-Za-z0-9+/]{86}==)"),
        "learn.microsoft.com, Configure Azure Storage connection strings: 64 bytes in base64",
    ),
    Format(
        "a shared access key",
        "SharedAccessKey=",
        re.compile(r"SharedAccessKey=([A-Za-z0-9+/]{43}=)"),
        "learn.microsoft.com, Get an Event Hubs connection string: 32 bytes in base64",
    ),
    Format(
        "a SAS token",
        "sig=",
        re.compile(r"\bsig=((?:[A-Za-z0-9+/]|%2[BbFf]){43}(?:=|%3[Dd]))"),
        "learn.microsoft.com, Create a service SAS: HMAC-SHA256 in base64, URL-encoded",
    ),
    Format(
        "an Azure key",
        "JQQJ9",
        re.compile(
            r"\b([A-Za-z0-9]{52}JQQJ9[9DH][A-Za-z0-9][A-L][A-Za-z0-9]{16}[A-Za-z][A-Za-z0-9]{7}"
            r"(?:[A-Za-z0-9]{2}==)?)(?![A-Za-z0-9])"
        ),
        _AZURE,
    ),
    *(
        Format(
            "an Azure key",
            hint,
            re.compile(
                rf"(?<![A-Za-z0-9+/])([A-Za-z0-9+/]{{76}}{re.escape(hint)}[A-Za-z0-9+/]{{5}}[AQgw]==)"
            ),
            _AZURE,
        )
        for hint in ("+ASt", "+AMC", "+ABa")
    ),
    Format(
        "an Entra ID client secret",
        "Q~",
        re.compile(r"(?<![\w~.-])([\w~.-]{3}\dQ~[\w~.-]{31,34})(?![\w~.-])"),
        _AZURE,
    ),
    Format(
        "an Azure DevOps token",
        "AZDO",
        re.compile(r"\b([A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4})\b"),
        "learn.microsoft.com, Use personal access tokens: 84 characters, AZDO at 76 to 80",
    ),
    Format(
        "an OpenAI key",
        "T3BlbkFJ",
        re.compile(r"\b(sk-[\w-]{20,}T3BlbkFJ[\w-]{20,})"),
        _GITHUB,
    ),
    Format(
        "an Anthropic key",
        "sk-ant-",
        re.compile(r"\b(sk-ant-[a-z]+\d\d-[\w-]{80,})"),
        _GITHUB,
    ),
    Format(
        "a Hugging Face token",
        "hf_",
        re.compile(r"\b(hf_[A-Za-z0-9]{34})\b"),
        "huggingface.co/docs/hub/security-tokens; github.com/trufflesecurity/trufflehog",
    ),
    *(
        Format("a GitHub token", hint, re.compile(rf"\b({hint}[A-Za-z0-9]{{36}})\b"), _GITHUB)
        for hint in ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")
    ),
    Format(
        "a GitHub token", "github_pat_", re.compile(r"\b(github_pat_[A-Za-z0-9_]{82})\b"), _GITHUB
    ),
    Format("a Google API key", "AIza", re.compile(r"\b(AIza[A-Za-z0-9_-]{35})(?![\w-])"), _GITHUB),
    Format("a Slack token", "xox", re.compile(r"\b(xox[abprs]-\d{8,}-[A-Za-z0-9-]{16,})"), _GITHUB),
    Format("an AWS access key", "AKIA", re.compile(r"\b(AKIA[A-Z2-7]{16})\b"), _GITHUB),
    Format(
        "a JSON web token",
        "eyJ",
        re.compile(r"\b(eyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{20,})"),
        "RFC 7519: three parts in base64url, the first two begin with '{\"'",
    ),
    Format(
        "a private key",
        "PRIVATE KEY-----",
        re.compile(
            r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----((?:[\s\"'+,A-Za-z0-9/=]|\\n){64,}?)-----END"
        ),
        "RFC 7468",
    ),
    Format(
        "a password in an address",
        "://",
        re.compile(r"\b[a-z][a-z0-9+]{2,20}://[\w.~%-]{1,60}:([^\s\"'@/{}<>$]{6,80})@[\w.-]+"),
        "RFC 3986, 3.2.1",
    ),
    Format(
        "a token in an address",
        "://",
        re.compile(
            r"\bhttps?://((?=[^\s\"'@/:]*\d)[A-Za-z0-9_]{30,120})(?::x-oauth-basic)?@(?![\w.-]*sentry)"
        ),
        "docs.github.com, learn.microsoft.com: tokens that stand for user and password",
    ),
    Format(
        "a token of a conda channel",
        "/t/",
        re.compile(r"://[\w.:-]+(?:/[\w.-]+)*?/t/([A-Za-z]{2}-[0-9a-f]{8}-[0-9a-f-]{20,40})/"),
        "docs.anaconda.com, tokens in channel addresses: `/t/TOKEN/`",
    ),
    *(
        Format(
            "a password in a connection string",
            hint,
            re.compile(
                r"(?i)\b(?:server|host|data source|user id|uid)=[^\"'\n]{3,200};\s*"
                rf"\w*{hint}([^;\"'\n]{{6,80}})"
            ),
            "learn.microsoft.com, Connection strings (ADO.NET, ODBC)",
        )
        for hint in ("assword=", "wd=", "WD=")
    ),
)

PUBLISHED: Final = frozenset(
    {
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
        "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==",
        "AKIAIOSFODNN7EXAMPLE",
    }
)
"""Keys of the storage and Cosmos DB emulators, and of the documentation: everyone has them."""

PASSWORD_NAMES: Final = ("password", "passwd", "pwd", "passphrase")
KEY_NAMES: Final = (
    *("secret", "secretkey", "secretaccesskey", "apikey", "accesskey", "accountkey", "storagekey"),
    *("subscriptionkey", "primarykey", "secondarykey", "masterkey", "signingkey", "encryptionkey"),
    *("authkey", "functionkey", "scoringkey", "scorekey", "servicekey", "endpointkey", "appkey"),
    *("sharedkey", "workspacekey", "adminkey", "querykey", "accesstoken", "authtoken", "apitoken"),
    *("bearertoken", "hftoken", "sastoken", "refreshtoken", "secrettoken", "githubtoken"),
    *("huggingfacetoken", "databrickstoken", "azurekeycredential", "authorization"),
)
"""Endings of names, without `_` and `-`, in lower case, that hold a secret as a text."""

PLACEHOLDERS: Final = re.compile(
    r"(?i)(your|changeme|change_me|example|sample|placeholder|dummy|fake|mock|insert|replace|redacted"
    r"|todo|fixme|foobar|lorem|notset|none|null|undefined|removed|hidden|secret|password|passwd"
    r"|token|testing|\btest|key_?here|api_?key|<|>|\{|\}|\$\(|\$\{|%\(|\.\.\.|…|123456|abcdef|qwerty"
    r"|environ|getenv|keyvault|localhost)"
)
"""What a text says that stands for a secret. Also any character five times in a row."""
