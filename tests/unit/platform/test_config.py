"""Configuration from environment variables: a wrong value stops the start and the message names the variable."""

from __future__ import annotations

import base64

import pytest

from chalicelib.platform.config import Config, from_env

PRINT, KID = "ab" * 32, "0123456789abcdef"


def test_empty_environment_is_the_practice_register_of_kyrgyzstan() -> None:
    assert from_env({}) == Config()
    assert from_env({"TAMGA_HOST": "", "TAMGA_PRACTICE": ""}) == Config()


def test_set_variables_are_read() -> None:
    made = from_env(
        {
            "TAMGA_ISSUER": "KZ", "TAMGA_HOST": "cites.example.kz", "TAMGA_STATUS_HOST": "old.example.kz",
            "TAMGA_ZONE": "Asia/Almaty", "TAMGA_PRACTICE": "no", "TAMGA_FIRST_SERIAL": "501",
            "TAMGA_PINS": f"KZ={PRINT}+{'cd' * 32},KG={PRINT}", "TAMGA_CLIENT_IDS": "a,b",
            "TAMGA_SIGN_IN": "people.example.kz", "TAMGA_ENQUIRIES": "cites@example.kz",
            "TAMGA_PRACTICE_PINS": f"KZ={'ef' * 32}",
            "TAMGA_PRACTICE_HOSTS": "KZ=practice.example.kz,KG=practice.tamga.kg",
            "TAMGA_FILES_LOCK": "COMPLIANCE",
            "TAMGA_KEYS": f"{KID}=alias/tamga-permit-1,{KID[::-1]}=arn:aws:kms:eu-central-1:123456789012:key/1-2",
            "TAMGA_PDF_CERTIFICATE": base64.b64encode(b"DER").decode(),
        }
    )  # fmt: skip
    stage = made.stage
    assert (stage.issuer, stage.host, stage.status_host) == ("KZ", "cites.example.kz", "old.example.kz")
    assert (stage.zone, stage.practice, stage.first_serial) == ("Asia/Almaty", False, 501)
    assert made.pins == {"KZ": (PRINT, "cd" * 32), "KG": (PRINT,)}
    assert made.practice_pins == {"KZ": ("ef" * 32,)}
    assert made.practice_hosts == {"KZ": "practice.example.kz", "KG": "practice.tamga.kg"}
    assert made.keys[KID] == "alias/tamga-permit-1"
    assert made.files_lock == "COMPLIANCE"
    assert (made.client_ids, made.sign_in) == (("a", "b"), "people.example.kz")
    assert made.enquiries == "cites@example.kz"


WRONG = [
    ("TAMGA_ISSUER", "kg"), ("TAMGA_ISSUER", "KGZ"), ("TAMGA_ISSUER", "KG\n"),
    ("TAMGA_HOST", "Practice.tamga.kg"), ("TAMGA_HOST", "https://tamga.kg"), ("TAMGA_HOST", "tamga"),
    ("TAMGA_HOST", "tamga.kg:443"), ("TAMGA_HOST", "tamga.kg\n"), ("TAMGA_STATUS_HOST", "tamga.kg/s"),
    ("TAMGA_SIGN_IN", "https://people.example.kz"), ("TAMGA_ENQUIRIES", "mailto:cites@example.kz?cc=x"),
    ("TAMGA_ENQUIRIES", "a@b.kg,c@d.kg"), ("TAMGA_NOTICES_FROM", "Tamga <a@b.kg>"),
    ("TAMGA_EXPORTER_PAGE", "javascript:alert(1)"),
    ("TAMGA_ZONE", "Asia/Nowhere"), ("TAMGA_ZONE", "../etc/passwd"), ("TAMGA_ZONE", "Asia"),
    ("TAMGA_PRACTICE", "No"), ("TAMGA_PRACTICE", "false"),
    ("TAMGA_FIRST_SERIAL", "0"), ("TAMGA_FIRST_SERIAL", "1000000"), ("TAMGA_FIRST_SERIAL", "1.5"),
    ("TAMGA_KEYS", KID), ("TAMGA_KEYS", f"{KID}="), ("TAMGA_KEYS", f"{KID[:-1]}=alias/a"),
    ("TAMGA_KEYS", f"{KID.upper()}=alias/a"), ("TAMGA_KEYS", f"{KID}=alias/a,{KID}=alias/b"),
    ("TAMGA_PDF_CERTIFICATE", "not base64!"), ("TAMGA_FILES_LOCK", "governance"), ("TAMGA_FILES_LOCK", "NONE"),
    ("TAMGA_PINS", "KG"), ("TAMGA_PINS", "KG="), ("TAMGA_PINS", f"kg={PRINT}"), ("TAMGA_PINS", f"KG={PRINT[:-1]}"),
    ("TAMGA_PINS", f"KG={PRINT.upper()}"), ("TAMGA_PINS", f"KG={PRINT},KG={PRINT}"), ("TAMGA_PINS", f"KG={PRINT}+"),
    ("TAMGA_PINS", f"KG={PRINT}+{PRINT}+{PRINT}"), ("TAMGA_PRACTICE_PINS", "KG"),
    ("TAMGA_PRACTICE_HOSTS", "practice.tamga.kg"), ("TAMGA_PRACTICE_HOSTS", "KG=tamga"),
    ("TAMGA_PRACTICE_HOSTS", "KG=a.kg,KG=b.kg"), ("TAMGA_PRACTICE_HOSTS", "KG=a.kg,UZ=a.kg"),
]  # fmt: skip


def test_root_pinned_for_production_and_practice_is_refused() -> None:
    with pytest.raises(ValueError, match="TAMGA_PRACTICE_PINS: a root is"):
        from_env({"TAMGA_PINS": f"KG={PRINT}", "TAMGA_PRACTICE_PINS": f"KG={'cd' * 32}+{PRINT}"})


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_malformed_variable_is_named(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"^{name}: expected"):
        from_env({name: value})
