"""What a page must not do: say anything on the console, fail, or ask for anything but itself."""

from playwright.sync_api import ConsoleMessage, Error, Page, Request

#: Addresses whose content is in the page already.
_WITHIN = ("data:", "blob:", "about:")


def watched(page: Page, within: tuple[str, ...] = _WITHIN) -> list[str]:
    """A list that fills with what the page does wrong, in the order in which it happens. Addresses that begin as those
    of `within` do belong to the page.
    """
    complaints: list[str] = []

    def console(message: ConsoleMessage) -> None:
        complaints.append(f"console {message.type}: {message.text}")

    def failed(error: Error) -> None:
        complaints.append(f"error: {error.message}")

    def requested(request: Request) -> None:
        opened = (
            request.is_navigation_request() and request.frame.parent_frame is None and request.url.startswith("file:")
        )
        if not opened and not request.url.startswith(within):
            complaints.append(f"request: {request.url}")

    page.on("console", console)
    page.on("pageerror", failed)
    page.on("request", requested)
    return complaints
