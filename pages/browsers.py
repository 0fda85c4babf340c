"""What a browser is called, from what it says of itself: enough to know one's own again."""

from pages.languages import N_, translations

# The order counts: each of these also says that it is those below.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_ON = N_("%(browser)s on %(system)s")
_UNKNOWN = N_("A browser that says nothing of itself")


def named(agent: str | None, language: str) -> str:
    """The name of the browser and its system; what is no browser by its own first word."""
    words = translations(language)
    if not agent:
        return words.gettext(_UNKNOWN)
    browser = next((name for sign, name in _BROWSERS if sign in agent), None)
    system = next((name for sign, name in _SYSTEMS if sign in agent), None)
    if browser and system:
        return words.gettext(_ON) % {"browser": browser, "system": system}
    return browser or agent.split()[0]
