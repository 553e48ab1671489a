"""Tokens of a real Keycloak, and its pages, against a server that trusts it. The tests run in the order of this file:
the last ones change the provider's keys and end it."""

import contextlib
import json
import os
import re
import signal
import subprocess
import time
import urllib.parse

import pytest
import requests

import keycloak

SERVER = os.environ["SLIPWAY_URL"]
SECONDS = 30


def whoami(token):
    return requests.get(f"{SERVER}/api/v1/whoami", headers={"Authorization": f"Bearer {token}"}, timeout=SECONDS)


def until(seconds, ask, good):
    """The first answer that is good; fails with the last one after so many seconds."""
    end = time.monotonic() + seconds
    while not good(answer := ask()):
        if time.monotonic() > end:
            pytest.fail(f"not within {seconds} s: {answer.status_code} {answer.text}")
        time.sleep(0.2)
    return answer


# --- Bearer tokens


def test_a_persons_token_is_their_account_with_the_roles_of_the_realm():
    # The server may have started while Keycloak was still making the realm's keys.
    who = until(20, lambda: whoami(keycloak.token_of("ana")), lambda answer: answer.status_code == 200).json()
    assert (who["name"], who["kind"], who["roles"]) == ("ana", "person", ["developer", "viewer"])


def test_a_services_token_is_its_account_without_roles_it_does_not_have():
    token = keycloak.token("shop", grant_type="client_credentials", client_secret="shop-" + keycloak.PASSWORD)
    answer = whoami(token)
    assert answer.status_code == 200, answer.text
    who = answer.json()
    assert (who["name"], who["kind"], who["roles"], who["grants"]) == (
        "service-account-shop", "service", [], ["infer:deployment/fraud"])


def test_a_token_for_another_application_is_refused():
    answer = whoami(keycloak.token_of("ana", client="other"))
    assert answer.status_code == 401 and "aud: not this server" in answer.text


def test_a_person_without_an_account_is_refused():
    answer = whoami(keycloak.token_of("ben"))
    assert answer.status_code == 401 and "slipway user create ben" in answer.text


# --- Browser


def to_the_provider(session, back="/api/v1/whoami"):
    """Begins a sign-in and follows it to Keycloak's login page."""
    sent = session.get(f"{SERVER}/login", params={"return": back}, allow_redirects=False, timeout=SECONDS)
    assert sent.status_code == 303, sent.text
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(sent.headers["Location"]).query)
    assert query["code_challenge_method"] == ["S256"] and query["response_type"] == ["code"]
    return session.get(sent.headers["Location"], timeout=SECONDS)


def came_back(session, user="ana", back="/api/v1/whoami"):
    """Signs in at Keycloak; gives the address of the callback, which is not yet asked."""
    sent = keycloak.sign_in(session, to_the_provider(session, back), user)
    assert sent.status_code == 302, sent.text
    assert sent.headers["Location"].startswith(f"{SERVER}/login/callback?")
    return sent.headers["Location"]


def session_cookie(session):
    cookie, = [cookie for cookie in session.cookies if cookie.name.startswith("slipway-") and
               not cookie.name.startswith("slipway-sign-in")]
    return cookie


def test_a_person_signs_in_with_a_browser_and_out_again():
    session = keycloak.browser()
    callback = came_back(session)
    landed = session.get(callback, allow_redirects=False, timeout=SECONDS)
    assert landed.status_code == 303 and landed.headers["Location"] == f"{SERVER}/api/v1/whoami", landed.text
    cookie = session_cookie(session)
    assert cookie.has_nonstandard_attr("HttpOnly") and cookie.get_nonstandard_attr("SameSite") == "Lax"

    who = session.get(landed.headers["Location"], timeout=SECONDS).json()
    assert (who["name"], who["kind"], who["roles"]) == ("ana", "person", ["developer", "viewer"])
    assert session.get(f"{SERVER}/v2", timeout=SECONDS).status_code == 200
    index = f"{SERVER}/v2/repository/index"
    assert session.post(index, json={}, timeout=SECONDS).status_code == 403, "no page says where it comes from"
    assert session.post(index, json={}, headers={"Origin": "http://evil.example"},
                        timeout=SECONDS).status_code == 403
    assert session.post(index, json={}, headers={"Origin": SERVER}, timeout=SECONDS).status_code == 200

    replayed = session.get(callback, allow_redirects=False, timeout=SECONDS)
    assert replayed.status_code == 401 and "state: not known" in replayed.text

    stolen = {cookie.name: cookie.value}
    page = session.get(f"{SERVER}/login/account", timeout=SECONDS)
    assert "ana" in page.text and "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert session.post(f"{SERVER}/logout", headers={"Origin": "http://evil.example"},
                        timeout=SECONDS).status_code == 403
    left = session.post(f"{SERVER}/logout", headers={"Origin": SERVER}, timeout=SECONDS)
    assert left.status_code == 200 and "Signed out" in left.text
    after = requests.get(f"{SERVER}/api/v1/whoami", cookies=stolen, timeout=SECONDS)
    assert after.status_code == 401 and "session: has ended" in after.text


def test_another_browser_cannot_finish_a_sign_in():
    victim = keycloak.browser()
    answer = victim.get(came_back(keycloak.browser()), allow_redirects=False, timeout=SECONDS)
    assert answer.status_code == 401 and "of another browser" in answer.text
    assert not victim.cookies


def test_a_person_without_an_account_is_not_signed_in():
    session = keycloak.browser()
    answer = session.get(came_back(session, user="ben"), allow_redirects=False, timeout=SECONDS)
    assert answer.status_code == 401 and "account &#39;ben&#39;: not accepted" in answer.text


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_a_sign_in_leads_to_no_other_server(back):
    session = keycloak.browser()
    landed = session.get(came_back(session, back=back), allow_redirects=False, timeout=SECONDS)
    assert landed.headers["Location"] == f"{SERVER}/login/account"


# --- Device


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Where a command line of its own keeps what it knows."""
    return tmp_path_factory.mktemp("cli")


def environment(home):
    return {**os.environ, "XDG_CONFIG_HOME": str(home), "NO_COLOR": "1"}


def cli(home, *arguments):
    return subprocess.run([os.environ["SLIPWAY"], *arguments], env=environment(home), capture_output=True, text=True,
                          timeout=60, stdin=subprocess.DEVNULL)


@contextlib.contextmanager
def login(home):
    """`slipway login` while it waits, with the page that it wants to have opened."""
    process = subprocess.Popen([os.environ["SLIPWAY"], "login", "--timeout", "50s"], env=environment(home),
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        shown = []
        while not (found := re.match(r"or open +(\S+)", shown[-1] if shown else "")):
            line = process.stderr.readline()
            assert line, "".join(shown)
            shown.append(line)
        yield process, found.group(1)
    finally:
        process.kill()
        process.communicate()


def consent_page(session, address, user):
    """From the page for the code to the question whether the command line may come in."""
    page = session.get(address, timeout=SECONDS)
    sent = keycloak.sign_in(session, page, user)
    while sent.status_code in (302, 303):
        sent = session.get(urllib.parse.urljoin(sent.url, sent.headers["Location"]), timeout=SECONDS,
                           allow_redirects=False)
    assert sent.status_code == 200, sent.text
    return sent


def saved(home):
    return home / "slipway" / "logins.json"


def test_the_command_line_logs_in_by_the_device_flow(home):
    assert cli(home, "whoami").returncode == 4, "nobody yet"
    session = keycloak.browser()
    with login(home) as (process, address):
        keycloak.submit(session, consent_page(session, address, "ana"), press="accept")
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert re.search(r"Name +ana", out) and "logged in to" in err
    assert saved(home).stat().st_mode & 0o777 == 0o600
    assert re.search(r"Name +ana", cli(home, "whoami").stdout)
    assert cli(home, "deployment", "list").returncode == 0


def test_a_login_that_is_refused_says_so(tmp_path):
    session = keycloak.browser()
    with login(tmp_path) as (process, address):
        keycloak.submit(session, consent_page(session, address, "ana"), press="cancel")
        _, err = process.communicate(timeout=30)
    assert process.returncode == 4 and "it was refused at the provider" in err
    assert not saved(tmp_path).exists()


def expire(home):
    logins = json.loads(saved(home).read_text())
    (url, login), = logins.items()
    login["expiry"] = "2026-01-01T00:00:00Z"
    saved(home).write_text(json.dumps(logins))
    return login["access_token"]


def test_a_login_is_renewed_until_the_provider_ends_it(home):
    before = expire(home)
    assert re.search(r"Name +ana", cli(home, "whoami").stdout)
    (_, login), = json.loads(saved(home).read_text()).items()
    assert login["access_token"] != before and saved(home).stat().st_mode & 0o777 == 0o600

    admin = keycloak.admin()
    users = f"{keycloak.URL}/admin/realms/ml/users"
    ana, = admin.get(users, params={"username": "ana", "exact": "true"}, timeout=SECONDS).json()
    admin.post(f"{users}/{ana['id']}/logout", timeout=SECONDS).raise_for_status()
    expire(home)
    ended = cli(home, "whoami")
    assert ended.returncode == 4 and "invalid_grant" in ended.stderr and "slipway login" in ended.stderr

    assert cli(home, "logout").returncode == 0
    assert json.loads(saved(home).read_text()) == {}
    assert cli(home, "whoami").returncode == 4


# --- The provider changes its keys, and ends


def test_new_keys_are_learnt_and_withdrawn_ones_are_not_trusted_any_more():
    old = keycloak.token_of("ana")
    assert whoami(old).status_code == 200
    admin = keycloak.admin()
    realm = f"{keycloak.URL}/admin/realms/ml"
    first, = [provider for provider in admin.get(
        f"{realm}/components", params={"type": "org.keycloak.keys.KeyProvider"}, timeout=SECONDS).json()
        if provider["providerId"] == "rsa-generated"]
    admin.post(f"{realm}/components", timeout=SECONDS, json={
        "name": "next", "providerId": "rsa-generated", "providerType": "org.keycloak.keys.KeyProvider",
        "parentId": first["parentId"], "config": {"priority": ["200"]}}).raise_for_status()
    new = keycloak.token_of("ana")
    until(25, lambda: whoami(new), lambda answer: answer.status_code == 200)
    assert whoami(old).status_code == 200, "its key is still published"

    admin.delete(f"{realm}/components/{first['id']}", timeout=SECONDS).raise_for_status()
    refused = until(25, lambda: whoami(old), lambda answer: answer.status_code == 401)
    assert "kid: not known" in refused.text
    assert whoami(new).status_code == 200


def test_without_the_provider_known_keys_hold_for_a_while_and_nobody_new_signs_in():
    token = keycloak.token_of("ana")
    until(25, lambda: whoami(token), lambda answer: answer.status_code == 200)
    os.killpg(int(os.environ["KEYCLOAK_GROUP"]), signal.SIGKILL)
    gone = time.monotonic()
    assert whoami(token).status_code == 200

    page = until(15, lambda: requests.get(f"{SERVER}/login", allow_redirects=False, timeout=SECONDS),
                 lambda answer: answer.status_code != 303)
    assert page.status_code == 502 and "cannot be asked now" in page.text and "Location" not in page.headers
    # Fetched every 10 s, and trusted for 10 s more.
    refused = until(25, lambda: whoami(token), lambda answer: answer.status_code != 200)
    assert refused.status_code == 503 and "too long ago" in refused.text
    assert 5 < time.monotonic() - gone < 25
