"""What a person does in the browser: fills in a form of any shape, decides a task."""

from typing import TYPE_CHECKING, Any

from tests.e2e.people import People, chosen_outcome, fields_of

if TYPE_CHECKING:
    from playwright.sync_api import Page


def fill(page: "Page", fields: dict[str, str | list[str]]) -> None:
    """Answer each question; a row that a table lacks is added with its own button."""
    for name, typed in fields.items():
        _row_for(page, name)
        control = page.locator(f'main [name="{name}"]:not([type="hidden"])').first
        if not control.count():
            continue  # what is fixed has no field
        if control.get_attribute("type") in ("radio", "checkbox"):
            for each in typed if isinstance(typed, list) else [typed]:
                page.check(f'main [name="{name}"][value="{each}"]')
        elif page.locator(f'main select[name="{name}"]').count():
            control.select_option(typed)
        else:
            control.fill("\n".join(typed) if isinstance(typed, list) else typed)


def _row_for(page: "Page", name: str) -> None:
    parts = name.split(".")
    for place, part in enumerate(parts):
        if not part.isdigit():
            continue
        table, row = ".".join(parts[:place]), ".".join(parts[: place + 1])
        if page.locator(f'main fieldset[id="{table}"]').count():
            while not page.locator(f'main fieldset[id="{row}"]').count():
                with page.expect_navigation():
                    page.click(f'main button[name="add"][value="{table}"]')


def decide(
    page: "Page", language: str, people: People, name: str, task: dict[str, Any],
    outcome: str | None = None, *, sections: tuple[str, ...] = (), message: str = "",
) -> None:  # fmt: skip
    """As *name*: find *task* in the inbox, answer it, read the summary, confirm."""
    page.goto(f"/{language}/tasks?view=group&q={task['reference']}")
    page.click(f"tbody a[href='/{language}/tasks/{task['id']}']")
    page.wait_for_url(f"**/tasks/{task['id']}")  # else fields are looked for in the inbox
    chosen = chosen_outcome(task, outcome)
    fill(page, fields_of(people.example(name, task)))
    page.check(f"#outcome-{chosen['code']}")
    if chosen["needs_reason"]:
        page.fill("#reason", "For the file.")
    if chosen["needs_message"]:
        page.fill("#message_to_partner", message or "For the partner.")
    if chosen["effect"] == "return":
        for box in page.locator("#sections input").all():
            box.set_checked(box.get_attribute("value") in sections)
    page.click("button[value=review]")
    page.click(f"form[action$='{task['id']}/decision'] >> button:not([name])")
    page.wait_for_url("**/tasks?decided=**")
