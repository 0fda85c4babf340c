"""Where the OpenAPI says that ids come from."""

from api.links import LEADS
from tests.api.test_openapi import operations


def test_every_link_leads_to_an_operation_that_takes_what_it_fills():
    by_id = {each["operationId"]: (row, each) for row, each in operations()}

    for row, operation in by_id.values():
        for response in operation["responses"].values():
            for link in response.get("links", {}).values():
                target, asked = by_id[link["operationId"]]
                places = {f"{each['in']}.{each['name']}" for each in asked["parameters"]}
                assert set(link["parameters"]) <= places, (row, target)


def test_every_path_to_one_thing_is_led_to():
    led_to = {
        link["operationId"]
        for _, operation in operations()
        for response in operation["responses"].values()
        for link in response.get("links", {}).values()
    }
    parameters = {f"{{{parameter}}}" for _, parameter, _ in LEADS}

    for row, operation in operations():
        if any(each in row for each in parameters):
            assert operation["operationId"] in led_to, row
