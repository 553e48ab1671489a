"""What the tests ask of Keycloak: its administration, its token endpoint, and its pages as a person sees them."""

import html.parser
import os
import urllib.parse

import requests

URL = os.environ["KEYCLOAK_URL"]
REALM = f"{URL}/realms/ml"
PASSWORD = "only-for-this-run"
SECONDS = 30


def admin():
    """A session that may change every realm."""
    answer = requests.post(f"{URL}/realms/master/protocol/openid-connect/token", timeout=SECONDS, data={
        "grant_type": "password", "client_id": "admin-cli", "username": "admin",
        "password": os.environ["KEYCLOAK_ADMIN_PASSWORD"]})
    answer.raise_for_status()
    session = requests.Session()
    session.headers["Authorization"] = "Bearer " + answer.json()["access_token"]
    return session


def token(client, **form):
    """An access token of the realm, by whatever grant the form names."""
    answer = requests.post(f"{REALM}/protocol/openid-connect/token", timeout=SECONDS,
                           data={"client_id": client, **form})
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]


def token_of(user, client="slipway-cli"):
    return token(client, grant_type="password", username=user, password=PASSWORD, scope="openid")


class LoopbackIsSecure(requests.cookies.RequestsCookieJar):
    """Browsers send cookies for https alone to the loopback too; Keycloak counts on that."""

    def set_cookie(self, cookie, *arguments, **settings):
        cookie.secure = False
        return super().set_cookie(cookie, *arguments, **settings)


def browser():
    session = requests.Session()
    session.cookies = LoopbackIsSecure()
    return session


class Forms(html.parser.HTMLParser):
    """The forms of a page: where each goes, what it sends, and its buttons."""

    def __init__(self, page):
        super().__init__()
        self.forms = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        at = dict(attributes)
        if tag == "form":
            self.forms.append({"action": at.get("action"), "fields": {}, "buttons": {}})
        elif tag in ("input", "button") and self.forms and at.get("name"):
            sort = "buttons" if tag == "button" or at.get("type") == "submit" else "fields"
            self.forms[-1][sort][at["name"]] = at.get("value") or ""


def submit(session, page, press=None, **fields):
    """Fills in the one form of a page that has all these fields or this button, and sends it."""
    form, = [form for form in Forms(page.text).forms
             if set(fields) <= set(form["fields"]) and (press is None or press in form["buttons"])]
    data = {**form["fields"], **fields}
    if press is not None:
        data[press] = form["buttons"][press]
    return session.post(urllib.parse.urljoin(page.url, form["action"]), data=data, timeout=SECONDS,
                        allow_redirects=False)


def sign_in(session, page, user):
    """From Keycloak's login page to wherever it sends the browser, which is not followed."""
    assert page.status_code == 200, page.text
    return submit(session, page, username=user, password=PASSWORD)
