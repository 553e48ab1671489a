"""Makes the realm ml: people, and clients for browsers, for the command line, for a service and for another application.

Usage: realm.py PUBLIC_URL SECRET_FILE, which gets the secret of the browsers' client.
"""

import os
import secrets
import sys

import keycloak

ROLE = "ml-engineers"


def user(name, *roles):
    return {"username": name, "enabled": True, "firstName": name, "lastName": "Example",
            "email": f"{name}@example.com", "emailVerified": True, "realmRoles": list(roles),
            "credentials": [{"type": "password", "value": keycloak.PASSWORD, "temporary": False}]}


AUDIENCE = {"name": "audience", "protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper",
            "config": {"included.custom.audience": "slipway", "access.token.claim": "true", "id.token.claim": "false"}}
# By default realm roles are in access tokens alone; whoever signs in with a browser is known by the ID token.
ROLES = {"name": "roles", "protocol": "openid-connect", "protocolMapper": "oidc-usermodel-realm-role-mapper",
         "config": {"claim.name": "realm_access.roles", "multivalued": "true", "jsonType.label": "String",
                    "id.token.claim": "true", "access.token.claim": "true"}}


def client(name, **settings):
    return {"clientId": name, "enabled": True, "protocol": "openid-connect", "standardFlowEnabled": False,
            "defaultClientScopes": ["basic", "profile", "roles", "email"], "optionalClientScopes": [], **settings}


def main(public_url, secret_file):
    secret = secrets.token_urlsafe(32)
    with open(os.open(secret_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret + "\n")
    realm = {
        "realm": "ml", "enabled": True, "accessTokenLifespan": 300, "sslRequired": "none",
        "oauth2DeviceCodeLifespan": 60, "oauth2DevicePollingInterval": 1,
        "roles": {"realm": [{"name": ROLE}]},
        "users": [user("ana", ROLE), user("ben", ROLE)],
        "clients": [
            client("slipway-web", secret=secret, standardFlowEnabled=True,
                   redirectUris=[f"{public_url}/login/callback"], protocolMappers=[ROLES],
                   attributes={"pkce.code.challenge.method": "S256"}),
            client("slipway-cli", publicClient=True, directAccessGrantsEnabled=True, protocolMappers=[AUDIENCE],
                   attributes={"oauth2.device.authorization.grant.enabled": "true"}),
            client("shop", secret="shop-" + keycloak.PASSWORD, serviceAccountsEnabled=True,
                   protocolMappers=[AUDIENCE]),
            client("other", publicClient=True, directAccessGrantsEnabled=True),
        ]}
    answer = keycloak.admin().post(f"{keycloak.URL}/admin/realms", json=realm, timeout=60)
    if answer.status_code != 201:
        sys.exit(f"Keycloak does not take the realm: {answer.status_code} {answer.text}")


main(*sys.argv[1:])
