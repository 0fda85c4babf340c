"""What in a partner's words opens a conditional review.

The words are declarations: the officer confirms each at eligibility. A tick opens a review,
its absence closes none (product.md, section 3, Eligibility).
"""

from __future__ import annotations

from policy.rules.shares import by_country
from schemas.in_force import CountryMeasure, CountryMeasures, Regions
from schemas.proposal import BeneficiaryKind, Content, Trigger


def declared(content: Content, measures: CountryMeasures, regions: Regions) -> tuple[Trigger, ...]:
    """The triggers that the content itself declares, in the order of `Trigger`."""
    declarations = {
        Trigger.EQUIPMENT: bool(content.equipment),
        Trigger.WORKS: bool(content.physical_works),
        Trigger.INFORMATION: bool(content.information_sharing),
        Trigger.PLACES: bool(content.locations),
        Trigger.UNITS: any(
            beneficiary.kind is BeneficiaryKind.SECURITY_UNIT
            for beneficiary in content.beneficiaries
        ),
        Trigger.MEASURES: bool(measures_touched(content, measures, regions)),
    }
    return tuple(trigger for trigger in Trigger if declarations[trigger])


def measures_touched(
    content: Content, measures: CountryMeasures, regions: Regions
) -> tuple[CountryMeasure, ...]:
    """The measures in force on a country of the proposal that reach its assistance.

    The countries are those of the proposal and of its regions, beneficiaries and locations.
    """
    countries = {
        *(part.place for part in by_country(content, regions)),
        *(beneficiary.country for beneficiary in content.beneficiaries),
        *(location.country for location in content.locations),
    }
    return tuple(
        measure
        for measure in measures.measures
        if countries.intersection(measure.countries)
        and set(content.assistance).intersection(measure.assistance)
    )
