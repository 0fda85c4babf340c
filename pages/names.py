"""What codes are called on pages, where policy has no label of its own."""

from collections.abc import Mapping

from pages.languages import N_, translations
from policy import labels

NAMES: Mapping[str, Mapping[str, str]] = {
    "role": {
        "contributor": N_("Writes proposals for an organization"),
        "signatory": N_("Signs for an organization"),
        "programme_officer": N_("Program officer"),
        "reviewer": N_("Reviewer"),
        "desk_officer": N_("Desk officer"),
        "head_of_desk": N_("Head of desk"),
        "finance_officer": N_("Finance officer"),
        "certifier": N_("Certifier"),
        "payment_authority": N_("Payment authority"),
        "approver": N_("Approver"),
        "signing_authority": N_("Signing authority"),
        "legal": N_("Legal services"),
        "administrator": N_("Administrator"),
        "auditor": N_("Auditor"),
    },
    "scope": {
        "norms": N_("international norms"),
        "human_rights": N_("human rights"),
        "gender": N_("gender equality"),
        "screening": N_("screening"),
        "export_control": N_("export control"),
        "environment": N_("environment"),
        "information_sharing": N_("information sharing"),
        "territory": N_("territory"),
        "country_measures": N_("country measures"),
        "merit": N_("merit"),
        "americas": N_("Americas"),
        "africa": N_("Africa"),
        "middle_east": N_("Middle East"),
        "maghreb": N_("Maghreb"),
        "asia_pacific": N_("Asia-Pacific"),
        "director": N_("director"),
        "director_general": N_("director general"),
        "assistant_deputy_minister": N_("assistant deputy minister"),
        "deputy_minister": N_("deputy minister"),
        "minister": N_("minister"),
        "treasury_board": N_("Treasury Board"),
    },
    "wish": {
        "immediate": N_("At once, a message for each thing"),
        "digest": N_("Once a day, everything in one message"),
        "none": N_("Not at all; I look here"),
    },
    "stage": {
        "draft": N_("Draft"),
        "review": N_("In review"),
        "eligibility": N_("Eligibility"),
        "compliance": N_("Compliance"),
        "desk": N_("Regional desk"),
        "funding": N_("Funding"),
        "agreement": N_("Agreement"),
        "active": N_("Active"),
        "closed": N_("Closed"),
        "returned": N_("Returned to the partner"),
    },
    "partner_status": {
        "draft": N_("Draft"),
        "received": N_("Received"),
        "in_review": N_("In review"),
        "more_information_needed": N_("More information needed"),
        "decision_made": N_("Decision made"),
        "withdrawn": N_("Withdrawn"),
    },
    "outcome": {
        "ineligible": N_("Not eligible"),
        "declined": N_("Declined"),
        "unfunded": N_("Not funded"),
        "withdrawn": N_("Withdrawn"),
        "lapsed": N_("Lapsed"),
        "approved": N_("Approved"),
        "terminated": N_("Terminated"),
    },
    "section": {
        "summary": N_("Summary"),
        "focus": N_("Focus and assistance"),
        "countries": N_("Countries and regions"),
        "dates": N_("Dates"),
        "budget": N_("Amount and budget"),
        "beneficiaries": N_("Beneficiaries"),
        "parties": N_("People and organizations involved"),
        "equipment": N_("Equipment"),
        "works": N_("Physical works"),
        "information_sharing": N_("Information sharing"),
        "human_rights": N_("Human rights"),
        "gender": N_("Gender equality"),
        "results": N_("Results"),
        "declarations": N_("Declarations"),
        "documents": N_("Documents"),
    },
    "partner_kind": {
        "foreign_state": N_("Foreign state"),
        "canadian_federal": N_("Federal department or agency of Canada"),
        "canadian_provincial_municipal": N_("Province, territory or municipality of Canada"),
        "crown_corporation": N_("Crown corporation"),
        "international_organization": N_("International organization"),
        "ngo": N_("Non-governmental organization"),
        "community_organization": N_("Community organization"),
        "think_tank": N_("Think tank"),
        "academic": N_("Academic institution"),
        "private_sector": N_("Private sector"),
    },
    "assistance": {
        "training": N_("Training"),
        "funding": N_("Funding"),
        "equipment": N_("Equipment"),
        "technical": N_("Technical assistance"),
        "legal": N_("Legal assistance"),
    },
    "beneficiary_kind": {
        "security_unit": N_("Security unit"),
        "government_entity": N_("Government entity"),
        "civil_society": N_("Civil society"),
        "international_organization": N_("International organization"),
        "individual": N_("Individual"),
    },
    "relation": {
        "director": N_("Director"),
        "beneficial_owner": N_("Beneficial owner"),
        "sub_partner": N_("Sub-partner"),
        "trainee": N_("Trainee"),
        "other": N_("Other"),
    },
    "party_kind": {"person": N_("Person"), "organization": N_("Organization")},
    "check": {
        "pass": N_("Fits"),
        "fail": N_("Does not fit"),
        "needs_judgement": N_("For a person to judge"),
    },
    "state": {
        "open": N_("Open"),
        "done": N_("Done"),
        "cancelled": N_("Cancelled"),
        "met": N_("Met"),
    },
    "effect": {
        "advance": N_("The proposal goes on."),
        "return": N_("The proposal goes back to the partner for changes, once it is released."),
        "stop": N_("The proposal ends here."),
        "escalate": N_("Somebody else is asked to decide."),
    },
}


def name_of(group: str, code: str | None, language: str) -> str:
    """The name of *code*; a code without a name is shown as it stands."""
    if not code:
        return ""
    if group in ("instrument", "document_kind", "marking", "gates", "level", "gender_code"):
        known = labels.options(group).get(str(code))
        return known.in_language(language) if known else str(code)
    found = NAMES[group].get(code)
    return translations(language).gettext(found) if found else str(code)
