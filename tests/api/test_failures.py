"""What fails is told in plain words, in both languages, and never in the words of an error."""

import pytest

from api.failures import FAILURES, worded


def failing(**facts):
    told = {"work": "screen", "what": "unexpected", "cause": None, "tries": 1, "next_at": None}
    return {"items": [{"failing": {**told, **facts}}]}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("code", FAILURES)
def test_every_failure_has_a_sentence(code, language):
    [item] = worded(failing(what=code), language)["items"]

    assert item["failing"]["detail"].endswith((".", ")."))
    assert "{" not in item["failing"]["detail"]


def test_of_an_unexpected_error_the_class_is_told():
    [item] = worded(failing(cause="ParserError"), "en")["items"]

    assert "ParserError" in item["failing"]["detail"]


def test_a_mail_server_is_told_of_as_in_the_ledger_of_e_mails():
    [item] = worded(failing(work="mail", what="server_away"), "fr")["items"]

    assert item["failing"]["detail"] == "Le serveur de courriel est injoignable."


def test_a_message_that_was_refused_is_told_as_the_refusal_is():
    [item] = worded(failing(work="message", what="proposal_closed"), "en")["items"]

    assert item["failing"]["detail"] == "The proposal is closed."


def test_what_does_not_fail_stays_as_it_is():
    assert worded({"items": [{"failing": None}]}, "en") == {"items": [{"failing": None}]}
