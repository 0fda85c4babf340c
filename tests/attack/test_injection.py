"""Words that mean something to a database, a file system, a terminal or a page stay words."""

import json

import httpx
import pytest

from api.app import create_app
from tests.attack.serving import connected, head, served
from tests.journeys.client import CONTENT, costing

SMALL = CONTENT | costing(300_000)
HOSTILE = {
    "SQL": "Robert'); DROP TABLE proposals; --",
    "SQL, quoted": '" OR 1=1 UNION SELECT 1, sql FROM sqlite_master --',
    "LIKE": "100%_\\%",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>&amp;",
    "template": "{{ 7*7 }} ${7*7} #{7*7} {0.__class__} %(x)s %n",
    "formula": '=HYPERLINK("http://x"&A1) +1 -1 @SUM(A1)',
    "turned": "\u202egnp.exe\u202c \u2066\u200f\u200e\u2069",
    "joined": "e\u0301 \u200d\ufeff \U0001f468\u200d\U0001f469",
    "terminal": "\x1b[31mred\x1b]0;title\x07",
    "path": "../../../../etc/passwd",
    "shell": "$(reboot) `reboot` ; reboot | reboot",
}
PLAIN = pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)


@PLAIN
async def test_free_text_comes_back_as_it_was_written(client, words):
    reference = await client.draft(**SMALL | {"title": words, "summary": f"{words}\r\n{words}"})
    await client.submit(reference)

    for person in (client.signatory, client.auditor):
        view = await client.view(reference, person)
        assert (view["title"], view["summary"]) == (words, f"{words}\r\n{words}")
    answer = await client.signatory.get(f"/proposals/{reference}")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_search_finds_its_words_and_nothing_else(client):
    title = "Nothing that is searched for here"
    await client.draft(**SMALL | {"title": title})
    percent = await client.draft(**SMALL | {"title": "Half: 50% and x_y"})

    async def found(words):
        page = await client.signatory.read("/proposals", params={"q": words, "limit": "200"})
        return page["items"]

    assert [item["reference"] for item in await found("50%")] == [percent]
    assert [item["reference"] for item in await found("x_y")] == [percent]
    for words in ("5_%", "%", "_", "\\", *HOSTILE.values(), '" OR *', "title:x", "NEAR(a b)", "^a"):
        assert title not in [item["title"] for item in await found(words)], words


@PLAIN
@pytest.mark.parametrize("name", ["programme", "organization", "cursor"])
async def test_a_filter_is_a_value(client, words, name):
    answer = await client.auditor.get("/proposals", params={name: words})

    assert answer.status_code in (200, 422)
    if answer.status_code == httpx.codes.OK:
        assert answer.json()["items"] == []


@pytest.mark.parametrize(
    "name",
    [
        "..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e", "....//", "..;", "%252e%252e", "%c0%ae%c0%ae",
        "%ff", "%00", "x%00.json", "CTCBP-2026-000001%00", "%0d%0aSet-Cookie:%20a=b", "%0a%0d",
        "'%20OR%20'1'='1", "%25", "*", "%5c..%5c", "file:%2f%2f%2fetc", "x" * 200, "x" * 4000,
        "%e2%80%ae", "%f0%9f%98%80", "null", "undefined", "-1", "1e400",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "path",
    [
        "/proposals/{}", "/proposals/{}/history", "/proposals/{}/revisions/1", "/tasks/{}",
        "/organizations/{}", "/funds/{}/commitments", "/proposals/{}/documents/{}", "/people/{}",
    ],
)  # fmt: skip
async def test_an_id_is_a_name_and_no_path(client, path, name):
    for person in (client.auditor, client.signatory):
        answer = await person.get(path.format(name, name))
        problem = answer.json()

        assert (answer.status_code, problem["code"]) in [
            (404, "not_found"),
            (403, problem["code"]),
        ], problem
        assert "set-cookie" not in answer.headers


async def test_headers_inject_nothing(client):
    hostile = "en\x7f; q=1, \xff\xfe<script>, fr;q=nan, *;q=-1" + ", xx" * 500
    answer = await client.signatory.ask(
        "GET",
        "/proposals/none",
        headers={
            "Accept-Language": hostile.encode("latin-1"),
            "X-Request-Id": "a b c",
            "X-Forwarded-For": "127.0.0.1, evil",
            "X-Forwarded-Host": "evil.example",
            "X-HTTP-Method-Override": "DELETE",
        },
    )

    assert answer.status_code == 404
    assert answer.headers["content-language"] in ("en", "fr")
    assert "evil" not in f"{answer.headers} {answer.text}"
    made = await client.signatory.ask(
        "POST", "/proposals", json=SMALL, headers={"Host": "evil.example"}
    )
    assert made.headers["location"].startswith("/api/v1/proposals/")


@pytest.mark.parametrize(
    "key",
    ["a\tb", "é", "a\x7fb", "x" * 65, " ", ""],
    ids=["tab", "é", "DEL", "long", "space", "none"],
)
async def test_a_key_is_printable_and_short(client, key):
    answer = await client.signatory.ask(
        "POST", "/proposals", json=SMALL, headers={"Idempotency-Key": key.encode("latin-1")}
    )

    assert answer.status_code == (201 if key == " " else 422), answer.text


@pytest.mark.parametrize("json_log", ["debug"], indirect=True)
async def test_no_request_writes_a_line_of_its_own_into_the_log(client, json_log):
    forged = 'x"}\n{"event": "forged", "level": "error"}\r\n\x1b[2J\u2028'
    office = client.installation.office
    token = client.signatory.token
    async with served(create_app(office)) as port, connected(port) as raw:
        for path in ("/proposals/a%0a%7b%22event%22:%22forged%22%7d", "/%0aforged?q=%0aforged"):
            await raw.send(head("GET", path, token, 'User-Agent: {"event":"forged"}'))
            assert (await raw.answer()).status in (404, 422)
        await raw.send('FORGED"} /api/v1/me HTTP/1.1\r\nHost: a\r\n\r\n')
        assert (await raw.answer()).status == 400
    await client.signatory.post("/proposals", SMALL | {"title": forged, forged: forged})
    reference = await client.draft(**SMALL | {"summary": forged})
    await client.submit(reference)
    await client.http.post("/token", data={"username": forged, "password": forged})

    lines = json_log.getvalue().splitlines()
    events = [json.loads(line)["event"] for line in lines]
    assert "request_answered" in events
    assert not [line for line in lines if "forged" in line.lower()]


# ---- bodies


def raw(text):
    return {"content": text, "headers": {"Content-Type": "application/json"}}


DEEP = 100_000


@pytest.mark.parametrize(
    ("text", "status"),
    [
        pytest.param('{"a":' * DEEP + "1" + "}" * DEEP, 400, id="deep objects"),
        pytest.param("[" * DEEP, 400, id="deep lists that never end"),
        pytest.param('{"answers": ' + "[" * 70 + "]" * 70 + "}", 400, id="deeper than allowed"),
        pytest.param('{"programme":"CTCBP","gender_equality_code":' + "9" * 5000 + "}", 400,
                     id="a number of 5000 digits"),
        pytest.param('{"programme":"CTCBP","gender_equality_code":1e308}', 422, id="1e308"),
        pytest.param('{"programme":"CTCBP","gender_equality_code":1e-400}', 422, id="1e-400"),
        pytest.param('{"programme":"CTCBP","gender_equality_code":-0.0}', 422, id="minus nothing"),
        pytest.param('{"programme":"CTCBP","gender_equality_code":Infinity}', 400, id="infinity"),
        pytest.param('{"programme":"CTCBP","countries":[{"code":"JO","share":NaN}]}', 400,
                     id="NaN in a list"),
        pytest.param('{"programme":"CTCBP","a":"\\ud83d"}', 422, id="half a character"),
        pytest.param("\ufeff{}", 400, id="a byte order mark"),
        pytest.param("{'programme': 'CTCBP'}", 400, id="single quotes"),
        pytest.param('{"programme":"CTCBP"} {}', 400, id="two values"),
        pytest.param('{"programme":"CTCBP",}', 400, id="a comma too many"),
        pytest.param('{"__proto__":{"x":1},"programme":"CTCBP"}', 422, id="prototype"),
        pytest.param("{" + ",".join(f'"k{n}":1' for n in range(50_000)) + "}", 422,
                     id="50000 keys"),
        pytest.param('{"programme":"CTCBP","focus_areas":[' + ",".join(['"x"'] * 50_000) + "]}",
                     422, id="50000 entries"),
        pytest.param('{"programme":"CTCBP","countries":[' + ",".join(["{}"] * 50_000) + "]}", 422,
                     id="50000 wrong entries"),
    ],
)  # fmt: skip
async def test_json_that_no_client_of_good_will_sends(client, text, status):
    answer = await client.signatory.ask("POST", "/proposals", **raw(text.encode()))

    assert answer.status_code == status, answer.text[:500]
    assert len(answer.content) < 50_000  # what was sent is not multiplied


async def test_of_two_equal_keys_both_readers_take_the_same(client):
    """The digest that an idempotency key is held against, and what is done, agree."""
    text = json.dumps(SMALL)[:-1] + ', "title": "The second"}'
    answer = await client.signatory.ask("POST", "/proposals", key="twice", **raw(text))
    again = await client.signatory.ask(
        "POST", "/proposals", key="twice", **raw(json.dumps(SMALL | {"title": "The second"}))
    )

    assert answer.status_code in (201, 400)
    if answer.status_code == httpx.codes.CREATED:
        assert answer.json()["title"] == "The second"
        assert again.content == answer.content


async def test_thousands_of_parameters_are_refused_in_few_words(client):
    asked = "&".join(f"p{n}=1" for n in range(2000))
    answer = await client.signatory.get(f"/proposals?{asked}")
    repeated = await client.signatory.get("/proposals?" + "&".join(["limit=1"] * 1000))

    assert answer.status_code == 422
    assert len(answer.json()["errors"]) <= 20
    assert repeated.status_code in (200, 422)
