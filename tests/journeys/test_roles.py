"""Every route against every role, cell by cell; a route that is not in the table fails.

The proposal is one of Signatory 1's organization, in compliance: its findings are open, the
desks and the approvers have not been asked yet. The draft is of the same organization.
"""

# ruff: noqa: E501 - a table is read across

from datetime import timedelta

import pytest
import pytest_asyncio

from api.openapi import routes_of
from api.routers import ROUTERS
from commands import housekeeping
from tests.journeys.client import CONTENT, a_key, costing

PEOPLE = {
    "sig": "Signatory 1",
    "con": "Contributor 1",
    "oth": "Signatory 2",
    "off": "Programme officer 2",
    "nor": "Norms reviewer 2",
    "gen": "Gender reviewer 2",
    "env": "Environment reviewer 1",
    "scr": "Screening reviewer 1",
    "dsk": "Desk officer 1",
    "hod": "Head of desk 1",
    "fin": "Finance officer 1",
    "cer": "Certifier 1",
    "pay": "Payment authority 1",
    "dir": "Director 1",
    "dg": "Director general 1",
    "sgn": "Signing authority 1",
    "leg": "Legal 1",
    "adm": "Administrator 1",
    "aud": "Auditor 1",
    "---": None,
}
"""Columns of the table; the last is whoever is not signed in."""

TABLE = """
                                              sig con oth off nor gen env scr dsk hod fin cer pay dir  dg sgn leg adm aud ---
POST /token                                   401 401 401 401 401 401 401 401 401 401 401 401 401 401 401 401 401 401 401 401
GET /me                                       200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
GET /me/sessions                              200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
POST /me/sessions/end-others                  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
POST /me/sessions/{session_id}/end            404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 401
POST /people/{person_id}/sessions/end         403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403 401
GET /me/delegations                           200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
POST /me/delegations                          403 403 403 409 201 409 409 409 409 409 409 409 409 409 409 409 409 409 409 401
POST /me/delegations/{delegation_id}/end      404 404 404 404 200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 401
GET /me/absence                               200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
PUT /me/absence                               403 403 403 412 412 412 412 412 412 412 412 412 412 412 412 412 412 412 412 401
DELETE /me/absence                            204 204 204 204 204 204 204 204 204 204 204 204 204 204 204 204 204 204 204 401
GET /delegations                              403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 200 401
GET /acting-appointments                      403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 200 401
POST /acting-appointments                     403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 201 403 401
POST /acting-appointments/{appointment_id}/confirm 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403 401
POST /acting-appointments/{appointment_id}/refuse  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403 401
POST /acting-appointments/{appointment_id}/end 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403 401
GET /operations/unattended                    403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 200 401
GET /operations/failing                       403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 200 401
GET /operations/attention                     403 403 403 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
GET /demo/accounts                            200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /programmes                               200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
GET /programmes/{code}/versions               200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
GET /programmes/{code}/differences            422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 401
GET /programmes/{code}/migrations             422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 401
POST /programmes/{code}/migrations            403 403 403 201 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 401
GET /calls                                    200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
POST /calls                                   403 403 403 201 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 401
GET /calls/{call_id}                          200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
PUT /calls/{call_id}                          403 403 403 200 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 401
GET /organizations                            200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
POST /organizations                           403 403 403 201 403 403 403 403 403 403 403 403 403 403 403 403 403 201 403 401
GET /organizations/{organization_id}          200 200 404 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
PUT /organizations/{organization_id}          200 403 404 200 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403 401
GET /people                                   200 403 200 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 200 401
GET /people/{person_id}                       404 403 404 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 200 401
PUT /people/{person_id}                       404 403 404 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403 401
POST /people/{person_id}/deactivate           403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403 401
POST /people/{person_id}/reactivate           403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403 401
POST /people/invitations                      201 403 409 403 403 403 403 403 403 403 403 403 403 403 403 403 403 201 403 401
POST /people/passwords                        404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST /people/{person_id}/grants               403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 201 403 401
GET /grants                                   403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 200 401
POST /grants/{grant_id}/refuse                403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403 401
POST /grants/{grant_id}/attest                403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403 401
POST /grants/{grant_id}/confirm               403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403 401
POST /grants/{grant_id}/end                   404 403 404 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403 401
GET /proposals                                200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
POST /proposals                               201 201 201 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 401
GET /proposals/{reference}                    200 200 404 200 200 200 404 404 404 404 200 200 200 404 404 404 404 200 200 401
PUT /proposals/{reference}                    409 409 404 403 403 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
DELETE /proposals/{reference}                 409 409 404 403 403 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
POST /proposals/{reference}/submit            409 403 404 403 403 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
POST /proposals/{reference}/hold              403 403 404 200 403 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
POST /proposals/{reference}/resume            403 403 404 200 403 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
POST /proposals/{reference}/reprofile         403 403 403 403 403 403 404 404 404 404 409 403 403 404 404 404 404 403 403 401
POST /proposals/{reference}/reconsider        409 403 404 403 403 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
GET /proposals/{reference}/questions          200 200 404 200 200 200 404 404 404 404 200 200 200 404 404 404 404 200 200 401
POST /proposals/{reference}/questions         403 403 404 422 403 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
POST /proposals/{reference}/questions/{question_id}/answer 409 403 404 403 403 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
POST /proposals/{reference}/questions/{question_id}/withdraw 403 403 404 409 403 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
GET /proposals/{reference}/conditions         200 200 404 200 200 200 404 404 404 404 200 200 200 404 404 404 404 200 200 401
POST /proposals/{reference}/conditions/{condition_id}/evidence 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 401
POST /proposals/{reference}/conditions/{condition_id}/judgement 403 403 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 401
GET /proposals/{reference}/payments           404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 401
POST /proposals/{reference}/reports/{report_id} 409 403 404 403 403 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
POST /proposals/{reference}/payments          409 403 404 403 403 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
POST /proposals/{reference}/payments/{payment_id}/paid 403 403 404 403 403 403 404 404 404 404 409 403 409 404 404 404 404 403 403 401
POST /proposals/{reference}/receipts          403 403 404 403 403 403 404 404 404 404 409 403 403 404 404 404 404 403 403 401
GET /proposals/{reference}/notice             403 403 404 200 200 200 404 404 404 404 200 200 200 404 404 404 404 200 200 401
POST /proposals/{reference}/notice            403 403 404 403 403 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
GET /proposals/{reference}/reviews            403 403 404 200 200 200 404 404 404 404 200 200 200 404 404 404 404 200 200 401
POST /proposals/{reference}/reviews           403 403 404 201 409 409 404 404 404 404 403 403 403 404 404 404 404 403 403 401
POST /proposals/{reference}/accept-conditions 409 403 404 403 403 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
POST /proposals/{reference}/sign              409 403 404 403 403 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
POST /proposals/{reference}/terms             403 403 404 409 403 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
GET /proposals/{reference}/check              200 200 404 403 403 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
GET /proposals/{reference}/revisions/{n}      200 200 404 200 200 200 404 404 404 404 200 200 200 404 404 404 404 200 200 401
GET /proposals/{reference}/history            200 200 404 200 200 200 404 404 404 404 200 200 200 404 404 404 404 200 200 401
GET /proposals/{reference}/decisions          403 403 404 200 200 200 404 404 404 404 200 200 200 404 404 404 404 200 200 401
GET /proposals/{reference}/tasks              200 200 404 200 200 200 404 404 404 404 200 200 200 404 404 404 404 200 200 401
GET /proposals/{reference}/waiting            200 200 404 200 200 200 404 404 404 404 200 200 200 404 404 404 404 200 200 401
POST /proposals/{reference}/retry             403 403 404 403 403 403 404 404 404 404 403 403 403 404 404 404 404 409 403 401
POST /proposals/{reference}/repairs           403 403 404 403 403 403 404 404 404 404 403 403 403 404 404 404 404 409 403 401
GET /proposals/{reference}/repairs            403 403 404 403 403 403 404 404 404 404 403 403 403 404 404 404 404 200 200 401
GET /proposals/{reference}/verification       403 403 404 403 403 403 404 404 404 404 403 403 403 404 404 404 404 200 200 401
GET /proposals/{reference}/repairs/{repair_id} 403 403 404 403 403 403 404 404 404 404 403 403 403 404 404 404 404 404 404 401
GET /proposals/{reference}/receipt            200 200 404 200 200 200 404 404 404 404 200 200 200 404 404 404 404 200 200 401
GET /proposals/{reference}/as-of              422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 401
POST /proposals/{reference}/documents         409 409 404 403 403 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
GET /proposals/{reference}/documents          200 200 404 200 200 200 404 404 404 404 200 200 200 404 404 404 404 200 200 401
GET /proposals/{reference}/documents/{document_id} 200 200 404 200 200 200 404 404 404 404 200 200 200 404 404 404 404 200 200 401
DELETE /proposals/{reference}/documents/{document_id} 409 409 404 403 403 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
GET /proposals/{reference}/case.json          200 200 404 200 403 403 404 404 404 404 200 200 200 404 404 404 404 200 200 401
GET /proposals/{reference}/case.pdf           200 200 404 200 403 403 404 404 404 404 200 200 200 404 404 404 404 200 200 401
GET /proposals/{reference}/agreement.pdf      404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 401
GET /proposals/{reference}/approvals/{task_id}.pdf 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 401
GET /proposals/{reference}/letters/{letter_id}.pdf 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 401
POST /codec/decode                            403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403 401
POST /codec/encode                            403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403 401
GET /tasks                                    200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
GET /tasks/counts                             200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
GET /tasks/{task_id}                          404 404 404 200 200 200 404 404 404 404 200 200 200 404 404 404 404 200 200 401
GET /tasks/{task_id}/waiting                  404 404 404 200 200 200 404 404 404 404 200 200 200 404 404 404 404 200 200 401
POST /tasks/{task_id}/nudge                   404 404 404 200 409 409 404 404 404 404 409 409 409 404 404 404 404 409 403 401
POST /tasks/{task_id}/claim                   404 404 404 403 200 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
POST /tasks/{task_id}/release                 404 404 404 403 200 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
POST /tasks/{task_id}/undo                    404 404 404 403 403 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
GET /tasks/{task_id}/people                   404 404 404 403 200 403 404 404 404 404 403 403 403 404 404 404 404 200 403 401
POST /tasks/{task_id}/reassign                404 404 404 403 200 403 404 404 404 404 403 403 403 404 404 404 404 200 403 401
GET /tasks/{task_id}/comments                 404 404 404 200 200 200 404 404 404 404 200 200 200 404 404 404 404 200 200 401
POST /tasks/{task_id}/comments                404 404 404 201 201 201 404 404 404 404 201 201 201 404 404 404 404 403 403 401
PUT /tasks/{task_id}/answers                  404 404 404 403 412 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
POST /tasks/{task_id}/documents               404 404 404 403 201 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
GET /tasks/{task_id}/documents                404 404 404 200 200 200 404 404 404 404 200 200 200 404 404 404 404 403 200 401
GET /tasks/{task_id}/documents/{attachment_id} 404 404 404 200 200 200 404 404 404 404 200 200 200 404 404 404 404 403 200 401
DELETE /tasks/{task_id}/documents/{attachment_id} 404 404 404 403 204 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
POST /tasks/{task_id}/decision                404 404 404 403 422 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
GET /notifications                            200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
GET /notifications/counts                     200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
POST /notifications/read-all                  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
POST /notifications/{notification_id}/read    404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 401
GET /me/notification-preferences              200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
PUT /me/notification-preferences              412 412 412 412 412 412 412 412 412 412 412 412 412 412 412 412 412 412 412 401
GET /operations/mail                          403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 200 401
POST /operations/mail/{notification_id}/retry 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 404 403 401
POST /bulk/preview                            403 403 403 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
POST /bulk                                    403 403 403 201 201 201 201 201 201 201 201 201 201 201 201 201 201 201 201 401
GET /bulk                                     200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
GET /bulk/{job_id}                            404 404 404 404 200 404 404 404 404 404 404 404 404 404 404 404 404 200 200 401
GET /bulk/{job_id}/items                      404 404 404 404 200 404 404 404 404 404 404 404 404 404 404 404 404 403 200 401
POST /bulk/{job_id}/stop                      404 404 404 404 200 404 404 404 404 404 404 404 404 404 404 404 404 200 403 401
GET /funds                                    403 403 403 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
GET /funds/{fund_id}/months                   403 403 403 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
GET /authorities                              403 403 403 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
GET /funds/{fund_id}/commitments              403 403 403 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
GET /fund-openings                            403 403 403 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
POST /fund-openings                           403 403 403 403 403 403 403 403 403 403 409 403 403 403 403 403 403 403 403 401
POST /fund-openings/{opening_id}/confirm      403 403 403 403 403 403 403 403 403 403 409 403 403 403 403 403 403 403 403 401
POST /fund-openings/{opening_id}/refuse       403 403 403 403 403 403 403 403 403 403 200 403 403 403 403 403 403 403 403 401
GET /funds/{fund_id}/corrections              403 403 403 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
POST /funds/{fund_id}/corrections             403 403 403 403 403 403 403 403 403 403 409 403 403 403 403 403 403 403 403 401
POST /funds/{fund_id}/corrections/{correction_id}/confirm 403 403 403 403 403 403 403 403 403 403 409 403 403 403 403 403 403 403 403 401
POST /funds/{fund_id}/corrections/{correction_id}/refuse 403 403 403 403 403 403 403 403 403 403 200 403 403 403 403 403 403 403 403 401
GET /lists                                    403 403 403 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
GET /lists/{list_id}/snapshots                403 403 403 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 401
POST /lists/{list_id}/snapshots               403 403 403 403 403 403 403 422 403 403 403 403 403 403 403 403 403 422 403 401
POST /screening/check                         403 403 403 403 403 403 403 200 403 403 403 403 403 403 403 403 403 403 403 401
GET /records                                  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
POST /records                                 403 403 403 403 403 403 403 403 201 201 403 403 403 403 403 403 403 403 403 401
GET /records/{record_id}                      404 404 404 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
GET /records/{record_id}/uses                 404 404 404 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
POST /records/{record_id}/confirm             404 404 404 403 403 403 403 403 403 409 403 403 403 403 403 403 403 403 403 401
POST /records/{record_id}/refuse              404 404 404 403 403 403 403 403 403 409 403 403 403 403 403 403 403 403 403 401
POST /records/{record_id}/withdraw            404 404 404 403 403 403 403 403 200 409 403 403 403 403 403 403 403 403 403 401
GET /referrals                                403 403 403 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
GET /register                                 403 403 403 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
GET /incidents                                200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
POST /incidents                               403 403 201 201 201 201 201 201 201 201 201 201 201 201 201 201 201 403 403 401
GET /incidents/{incident_id}                  404 404 404 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
GET /incidents/{incident_id}/touched          404 404 404 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
POST /incidents/{incident_id}/assess          404 404 404 200 409 403 403 403 403 403 403 403 403 403 403 403 409 403 403 401
POST /incidents/{incident_id}/refuse          404 404 404 403 403 403 403 403 403 403 403 403 403 403 200 403 403 403 403 401
POST /incidents/{incident_id}/confirm         404 404 404 403 403 403 403 403 403 403 403 403 403 403 409 403 403 403 403 401
GET /screening/police-duties                  403 403 403 403 403 403 403 200 403 403 403 403 403 403 403 403 200 403 200 401
POST /screening/police-duties/{task_id}/told  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 404 403 403 401
GET /events                                   200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 401
GET /events/stream                            422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 401
GET /health/live                              200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /health/ready                             200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /proposals/{draft}                        200 200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 401
PUT /proposals/{draft}                        200 200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 401
POST /proposals/{draft}/documents             201 201 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 401
GET /proposals/{draft}/documents              200 200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 401
GET /proposals/{draft}/check                  200 200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 401
GET /proposals/{draft}/history                200 200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 401
GET /proposals/{draft}/waiting                200 200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 401
POST /proposals/{draft}/sign                  409 403 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 401
POST /tasks/{task_id}/recuse                  404 404 404 403 200 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
POST /proposals/{reference}/withdraw          200 403 404 403 404 403 404 404 404 404 403 403 403 404 404 404 404 403 403 401
DELETE /proposals/{draft}                     204 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 401
"""

A_CALL = {
    "programme": "CTCBP",
    "title": {"en": "Borders", "fr": "Frontières"},
    "description": {"en": "For borders.", "fr": "Pour les frontières."},
    "opens_at": "2090-01-01T00:00:00Z",
    "closes_at": "2090-02-01T00:00:00Z",
}
A_BASELINE = {
    "kind": "country_baseline", "country": "SN", "levels": {"torture": "low"},
    "findings": "Two sources agree.",
}  # fmt: skip
AN_INCIDENT = {
    "kind": "violation", "organization": "demo-ngo", "what": "A detainee was beaten.",
    "occurred_at": "2026-01-02T12:00:00Z", "learned_at": "2026-01-05T12:00:00Z",
}  # fmt: skip
CORRECTION = {"kind": "state", "fund_state": "frozen", "reason": "An audit."}
OPENING = {
    "programme": "CTCBP", "vote": "grants", "fiscal_year": "2041-42",
    "budget": {"value": "1000.00"}, "reason": "Planned.",
}  # fmt: skip
AN_APPOINTMENT = {
    "holder": "norms.reviewer.1@accord.example", "acting": "gender.reviewer.1@accord.example",
    "starts_on": "2026-01-01", "ends_on": "2099-12-31", "reason": "Leave.",
}  # fmt: skip
FUND = "CTCBP-contributions-2027-28"
BODIES = {
    "POST /calls": A_CALL,
    "PUT /calls/{call_id}": A_CALL,
    "POST /organizations": {"name": "New", "kind": "ngo"},
    "PUT /organizations/{organization_id}": {
        "name": "Demonstration international organization",
        "kind": "international_organization",
        "country": "CH",
    },
    "POST /people/invitations": {"email": "contributor.1@accord.example"},
    "POST /people/passwords": {"link": "none", "password": "a long password"},
    "POST /people/{person_id}/grants": {
        "role": "certifier", "scope": "ACCBP", "starts_on": "2026-01-01", "ends_on": "2036-12-31",
        "reason": "For a year.",
    },
    "PUT /people/{person_id}": {
        "name": "Certifier 2", "email": "certifier.2@accord.example", "language": "en",
    },
    "POST /people/{person_id}/deactivate": {"reason": "On leave."},
    "POST /people/{person_id}/reactivate": {"reason": "Back."},
    "POST /grants/{grant_id}/refuse": {"reason": "Not needed."},
    "POST /grants/{grant_id}/end": {"ends_on": "2020-01-01"},
    "POST /proposals": CONTENT,
    "PUT /proposals/{reference}": CONTENT,
    "PUT /proposals/{draft}": CONTENT,
    "POST /proposals/{reference}/withdraw": {"reason": "Over."},
    "POST /proposals/{reference}/hold": {"reason": "An audit."},
    "POST /proposals/{reference}/resume": {"reason": "The audit is over."},
    "POST /proposals/{reference}/reconsider": {"reason": "The law has changed."},
    "POST /proposals/{reference}/questions": {"question": "How many?", "due_date": "2020-01-01"},
    "POST /proposals/{reference}/questions/{question_id}/answer": {"answer": "Twelve."},
    "POST /proposals/{reference}/questions/{question_id}/withdraw": {"reason": "Found."},
    "POST /proposals/{reference}/repairs": {
        "kind": "rewind", "stage": "agreement", "reason": "Gone astray.",
    },
    "POST /proposals/{reference}/reprofile": {
        "from_year": "2027-28", "to_year": "2028-29", "reason": "Late.",
    },
    "POST /fund-openings": OPENING,
    "POST /fund-openings/{opening_id}/refuse": {"reason": "A slip."},
    "POST /funds/{fund_id}/corrections": CORRECTION,
    "POST /funds/{fund_id}/corrections/{correction_id}/refuse": {"reason": "A slip."},
    "POST /proposals/{reference}/notice": {"posted_on": "2026-11-02", "where": "The registry."},
    "POST /proposals/{reference}/reviews": {"review": "territory", "reason": "A listed group."},
    "POST /proposals/{reference}/conditions/{condition_id}/evidence": {"words": "Done."},
    "POST /proposals/{reference}/conditions/{condition_id}/judgement": {"reason": "Done."},
    "POST /proposals/{reference}/reports/{report_id}": {"words": "Done."},
    "POST /proposals/{reference}/payments": {
        "tranche": "T01",
        "costs": [{"category": "training", "amount": {"currency": "CAD", "value": "1.00"}}],
        "words": "Done.",
    },
    "POST /proposals/{reference}/payments/{payment_id}/paid": {
        "number": "1", "paid_on": "2026-11-24", "amount": {"currency": "CAD", "value": "1.00"},
    },
    "POST /proposals/{reference}/receipts": {
        "number": "1", "received_on": "2026-11-24",
        "amount": {"currency": "CAD", "value": "1.00"},
    },
    "POST /tasks/{task_id}/reassign": {"person": "demo-norms-reviewer-2"},
    "POST /tasks/{task_id}/comments": {"text": "Seen."},
    "PUT /me/notification-preferences": {"email": "digest"},
    "POST /bulk/preview": {"act": "claim", "tasks": ["none"]},
    "POST /bulk": {"act": "claim", "tasks": ["none"]},
    "POST /programmes/{code}/migrations": {
        "to": "CTCBP/2026-04-01", "reason": "None.", "items": [{"reference": "none", "seen": 1}],
    },
    "POST /proposals/{reference}/terms": {"to": "CTCBP/2026-04-01", "reason": "None.", "seen": 1},
    "PUT /tasks/{task_id}/answers": {},
    "POST /tasks/{task_id}/decision": {"outcome": "none"},
    "POST /tasks/{task_id}/undo": {"reason": "The wrong file."},
    "POST /tasks/{task_id}/recuse": {"reason": "My sister works there."},
    "POST /me/delegations": {
        "receiver": "norms.reviewer.1@accord.example",
        "grants": [{"role": "reviewer", "scope": "norms"}],
        "starts_on": "2026-01-01", "ends_on": "2099-12-31", "reason": "Training.",
    },
    "POST /acting-appointments": AN_APPOINTMENT,
    "POST /acting-appointments/{appointment_id}/refuse": {"reason": "Not now."},
    "PUT /me/absence": {"starts_on": "2099-01-01"},
    "POST /codec/decode": {"payloads": []},
    "POST /codec/encode": {"payloads": []},
    "POST /screening/check": {"name": "A Name", "kind": "person", "why": "A test."},
    "POST /records": A_BASELINE,
    "POST /records/{record_id}/refuse": {"reason": "Not enough."},
    "POST /records/{record_id}/withdraw": {"reason": "Wrong."},
    "POST /incidents": AN_INCIDENT,
    "POST /incidents/{incident_id}/assess": {"outcome": "unfounded", "findings": "Not so."},
    "POST /incidents/{incident_id}/refuse": {"reason": "Ask again."},
    "POST /screening/police-duties/{task_id}/told": {
        "authority": "rcmp", "told_on": "2026-01-05", "file_number": "1", "what": "A match.",
    },
}  # fmt: skip
QUERIES = {"GET /events/stream": {"after": "none"}}
"""Of what would else be answered as long as somebody listens."""
FILE = {
    "files": {"file": ("note.txt", "A note.")},
    "data": {"kind": "other", "language": "en", "marking": "unclassified"},
}


@pytest_asyncio.fixture(scope="module")
async def places(client):
    """What stands for the braces of a path."""
    reference = await client.draft(**costing(300_000))
    document = await attach(client.signatory, f"/proposals/{reference}")
    await client.submit(reference)
    await client.decide((await client.open_tasks(reference))[0])
    task = await client.advance_to_task(reference, "compliance.norms")
    ordered = await client.person("Norms reviewer 2").post(
        "/bulk", {"act": "claim", "tasks": ["none"]}
    )
    giver = client.person("Norms reviewer 2")
    given = (await giver.post("/me/delegations", BODIES["POST /me/delegations"])).json()
    officer = client.person("Programme officer 1")
    asked = await officer.post(f"/proposals/{reference}/questions", a_question(client))
    question = asked.json()["id"]
    await client.signatory.post(
        f"/proposals/{reference}/questions/{question}/answer", {"answer": "Twelve."}
    )
    finance = client.person(PEOPLE["fin"])
    corrected = (await finance.post(f"/funds/{FUND}/corrections", CORRECTION)).json()
    opened = (await finance.post("/fund-openings", OPENING)).json()
    administrator = client.person(PEOPLE["adm"])
    appointed = (await administrator.post("/acting-appointments", AN_APPOINTMENT)).json()
    return {
        "appointment_id": appointed["id"],
        "opening_id": opened["id"],
        "correction_id": corrected["id"],
        "question_id": question,
        "record_id": await a_baseline(client),
        "incident_id": (await officer.post("/incidents", AN_INCIDENT)).json()["id"],
        "condition_id": "none",
        "report_id": "R01",
        "payment_id": "P01",
        "code": "CTCBP",
        "job_id": ordered.json()["id"],
        "reference": reference,
        "delegation_id": given["id"],
        "task_id": task["id"],
        "document_id": document,
        "attachment_id": await attach(client.person(PEOPLE["nor"]), f"/tasks/{task['id']}"),
        "draft": await client.draft(),
        "n": "1",
        "call_id": (await client.person("Programme officer 1").post("/calls", A_CALL)).json()["id"],
        "organization_id": "demo-international-organization",
        "session_id": "none",
        "person_id": "demo-certifier-2",
        "grant_id": "grant-demo-certifier-2",
        "fund_id": FUND,
        "list_id": "Not-an-id",
        "notification_id": "none",
        "letter_id": "none",
        "repair_id": "none",
    }


async def a_baseline(client):
    made = (await client.person("Desk officer 2").post("/records", A_BASELINE)).json()["id"]
    confirmed = await client.person("Head of desk 2").post(f"/records/{made}/confirm")
    assert confirmed.status_code == 200, confirmed.text
    return made


def a_question(client):
    day = client.installation.office.today() + timedelta(days=10)
    return {"question": "How many?", "due_date": day.isoformat()}


async def attach(person, where):
    answer = await person.post(f"{where}/documents", **FILE)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def rows():
    lines = [line.split() for line in TABLE.strip().splitlines()]
    assert lines[0] == list(PEOPLE)
    return {f"{method} {path}": cells for method, path, *cells in lines[1:]}


@pytest.mark.parametrize("row", rows())
async def test_who_may_do_what(client, places, row):
    method, path = row.split()
    seen = [await status(client, person, method, path, places) for person in PEOPLE.values()]

    assert dict(zip(PEOPLE, seen, strict=True)) == dict(zip(PEOPLE, rows()[row], strict=True))


async def status(client, name, method, path, places):
    headers = {"Accept-Language": "en"}
    if name is not None:
        headers["Authorization"] = f"Bearer {client.person(name).token}"
    if method == "POST":
        headers["Idempotency-Key"] = a_key()
    if method == "PUT":
        headers["If-Match"] = '"1"' if "answers" not in path else '"0"'
    row = f"{method} {path}"
    options = {"json": BODIES[row]} if row in BODIES else {}
    options |= {"params": QUERIES[row]} if row in QUERIES else {}
    if path.endswith("/snapshots"):
        options = {"files": {"file": ("list.csv", "id", "text/csv")}}
    if path.endswith("/documents"):
        options = FILE
    if path == "/token":
        options = {"data": {"username": a_key(), "password": "wrong"}}
    if path == "/health/ready":
        await housekeeping.lead(client.installation.office, "test")
    answer = await client.http.request(method, path.format(**places), headers=headers, **options)
    return str(answer.status_code)


def test_every_route_is_in_the_table():
    routes = {f"{method} {route.path}" for route in routes_of(ROUTERS) for method in route.methods}

    assert routes == {row for row in rows() if "{draft}" not in row}
