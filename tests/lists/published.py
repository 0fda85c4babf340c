"""Lists of invented entries in the shapes that are published, with the dirt that real ones have."""

OLD = ("Country", "Entity", "LastName", "GivenName", "Aliases", "DateOfBirth", "Title", None,
       "Schedule", "Item", None)  # fmt: skip
SECOND = ("Country", "EntityOrShip", "LastName", "GivenName", "Aliases",
          "DateOfBirthOrShipBuildDate", "TitleOrShip", "ShipIMONumber", "Schedule", "Item",
          "DateOfListing")  # fmt: skip
NEWEST = ("Country-Pays", "EntityOrShip-EntiteOuNavire", "LastName-NomDeFamille",
          "GivenName-Prenom", "Aliases-Alias",
          "DateOfBirthOrShipBuildDate-DateDeNaissanceOuDateDeConstructionDuNavire",
          "TitleOrShipType-TitreOuTypeDeNavire", "ShipIMONumber-NumeroOMIDuNavire",
          "Schedule-Annexe", "Item-NumeroDarticle", "DateOfListing-DateDinscription")  # fmt: skip
GENERATIONS = {"2020": OLD, "2021": SECOND, "newest": NEWEST}
FIELDS = ("regime", "entity", "last", "given", "aliases", "born", "title", "imo", "schedule",
          "item", "listed_on")  # fmt: skip


def a_record(**told: str) -> dict[str, str]:
    return {"regime": "Ruritania / Ruritanie", "schedule": "1, Part 2", "item": "1"} | told


def canadian(*records: dict[str, str], tags=NEWEST) -> bytes:
    rows = []
    for record in records:
        cells = "".join(
            f"<{tag}>{record[key]}</{tag}>"
            for tag, key in zip(tags, FIELDS, strict=True)
            if tag is not None and key in record
        )
        rows.append(f"<record>{cells}</record>")
    body = "\n".join(rows)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<data-set>\n{body}\n</data-set>'.encode()


def regulation(*items: str) -> bytes:
    rows = "".join(
        f'<Item lims:fid="{700 + number}" lims:id="{9000 + number}"'
        f' lims:inforce-start-date="2024-06-21"><Text>{item}</Text></Item>'
        for number, item in enumerate(items)
    )
    return (
        '\ufeff<?xml version="1.0" encoding="utf-8"?>'
        '<Regulation xmlns:lims="http://justice.gc.ca/lims"><Identification><LongTitle>A list'
        "</LongTitle></Identification><Body><Section><Label>1</Label><Text>The following list."
        f"</Text><List>{rows}</List></Section></Body></Regulation>"
    ).encode()


def feed(*entries: dict[str, str]) -> bytes:
    rows = "".join(
        "<entry>" + "".join(f"<{tag}>{text}</{tag}>" for tag, text in entry.items()) + "</entry>"
        for entry in entries
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>List</title>{rows}</feed>'.encode()


PERSON = """<INDIVIDUAL><DATAID>6900001</DATAID><VERSIONNUM>1</VERSIONNUM>
<FIRST_NAME> VIKTOR </FIRST_NAME><SECOND_NAME>IVANOVICH</SECOND_NAME><THIRD_NAME>KOROVIN
</THIRD_NAME><FOURTH_NAME/><UN_LIST_TYPE>Ruritania</UN_LIST_TYPE>
<REFERENCE_NUMBER>RUi.001</REFERENCE_NUMBER><LISTED_ON>2016-11-30</LISTED_ON>
<GENDER>Male</GENDER><NAME_ORIGINAL_SCRIPT>Виктор Коровин</NAME_ORIGINAL_SCRIPT>
<COMMENTS1>Quarrels with his neighbours.</COMMENTS1><TITLE><VALUE>na</VALUE></TITLE>
<DESIGNATION><VALUE>Keeper of the bridge</VALUE></DESIGNATION>
<NATIONALITY><VALUE>Syrian Arab Republic </VALUE></NATIONALITY>
<LAST_DAY_UPDATED><VALUE>2019-05-01</VALUE></LAST_DAY_UPDATED>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Victor Korovine</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>The Ferryman</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ADDRESS><CITY>Strelsau</CITY><COUNTRY>Ruritania</COUNTRY></INDIVIDUAL_ADDRESS>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1960-01-01-05:00</DATE>
</INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1958</FROM_YEAR>
<TO_YEAR>1960</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_PLACE_OF_BIRTH><CITY>Zenda</CITY></INDIVIDUAL_PLACE_OF_BIRTH>
<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>Z 11</NUMBER>
</INDIVIDUAL_DOCUMENT><SORT_KEY/></INDIVIDUAL>"""
ENTITY = """<ENTITY><DATAID>6900002</DATAID><FIRST_NAME>BRASKO MILL</FIRST_NAME>
<ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>Old Brasko Mill</ALIAS_NAME></ENTITY_ALIAS>
<ENTITY_ADDRESS><COUNTRY>Ruritania</COUNTRY></ENTITY_ADDRESS></ENTITY>"""


def united_nations(person: str = PERSON, entity: str = ENTITY) -> bytes:
    return (
        '<CONSOLIDATED_LIST dateGenerated="2020-03-20T19:09:21.822-04:00"><INDIVIDUALS>'
        f"{person}</INDIVIDUALS><ENTITIES>{entity}</ENTITIES></CONSOLIDATED_LIST>"
    ).encode()
