"""A reviewer works by keyboard alone: from the inbox to the decision with Tab, arrows and Enter."""

from playwright.sync_api import expect

from tests.e2e.people import chosen_outcome, fields_of

MOST_STOPS = 400
WHERE = """() => {
  const it = document.activeElement;
  const style = getComputedStyle(it);
  const box = it.getBoundingClientRect();
  const all = [...document.querySelectorAll("*")];
  return {
    name: it.name || "", value: it.value || "", type: it.type || it.tagName.toLowerCase(),
    href: it.getAttribute("href") || "", text: it.textContent.trim().slice(0, 80),
    place: all.indexOf(it), isBody: it === document.body,
    isSeen: it === document.body || (style.outlineStyle !== "none" && style.outlineWidth !== "0px"
      && box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight),
  };
}"""


class Keyboard:
    """What is pressed, and where that leads; every stop must be seen, and come after the last."""

    def __init__(self, page):
        self.page = page
        self.place = -1

    def tab(self):
        self.page.keyboard.press("Tab")
        at = self.page.evaluate(WHERE)
        assert at["isSeen"], f"the focus is not seen: {at}"
        assert at["isBody"] or at["place"] > self.place, f"the focus goes back: {at}"
        self.place = -1 if at["isBody"] else at["place"]
        return at

    def to(self, wanted):
        """Tab until *wanted* says yes; the page begins anew where another one came."""
        for _ in range(MOST_STOPS):
            at = self.tab()
            if wanted(at):
                return at
        raise AssertionError("no stop was the one that was looked for")

    def press(self, key):
        self.page.keyboard.press(key)

    def opened(self):
        """Another page: from its top."""
        self.place = -1

    def answer(self, at, typed):
        if at["type"] == "radio":
            for _ in range(20):
                if at["value"] == typed:
                    break
                self.press("ArrowDown")
                at = self.page.evaluate(WHERE)
            self.press("Space")
        elif at["type"] == "select-one":
            self.page.keyboard.press("Home")
            while self.page.evaluate("document.activeElement.value") != typed:
                before = self.page.evaluate("document.activeElement.selectedIndex")
                self.press("ArrowDown")
                assert self.page.evaluate("document.activeElement.selectedIndex") > before, typed
        elif at["type"] == "checkbox":
            if at["value"] in typed:
                self.press("Space")
        else:
            self.page.keyboard.type("\n".join(typed) if isinstance(typed, list) else typed)


def test_a_reviewer_decides_from_the_inbox_by_keyboard_alone(open_as, people):
    task = people.task(people.submitted(), "compliance.gender")
    name = people.taker(task)
    fields = fields_of(people.example(name, task))
    chosen = chosen_outcome(task, None)
    page = open_as(name)
    page.goto(f"/en/tasks?view=group&q={task['reference']}")
    keys = Keyboard(page)

    # the language first, then the way past the menu
    assert keys.tab()["text"] == "Français"
    assert keys.tab()["href"] == "#main"
    keys.press("Enter")
    expect(page.locator("main")).to_be_focused()
    keys.to(lambda at: at["href"].endswith(task["id"]))
    keys.press("Enter")
    page.wait_for_url(f"**/tasks/{task['id']}")
    keys.opened()

    # the form from its first question to its last
    left = dict(fields)
    answered = set()

    def is_the_end(at):
        if at["name"] in left and at["name"] not in answered:
            keys.answer(at, left[at["name"]])
            if at["type"] != "checkbox":
                answered.add(at["name"])
        if at["name"] == "outcome" and "outcome" not in answered:
            keys.answer(at, chosen["code"])
            answered.add("outcome")
        if at["name"] == "reason":
            page.keyboard.type("For the file.")
        return at["name"] == "act" and at["value"] == "review"

    keys.to(is_the_end)
    keys.press("Enter")
    expect(page.locator("h1")).to_have_text("Confirm your decision")
    keys.opened()

    # what follows, and the decision
    keys.to(lambda at: at["text"].startswith("Confirm:"))
    keys.press("Enter")

    page.wait_for_url("**/tasks?decided=**")
    expect(page.locator("main")).to_contain_text("Your decision is recorded.")


def test_no_page_of_a_task_traps_the_keyboard(open_as, people):
    task = people.task(people.submitted(), "eligibility.confirm")
    page = open_as(people.taker(task), "fr")
    page.goto(f"/fr/tasks/{task['id']}")
    keys = Keyboard(page)

    last = keys.to(lambda at: "/report-a-problem" in at["href"])
    page.keyboard.press("Shift+Tab")
    before = page.evaluate(WHERE)

    assert before["place"] < last["place"]
