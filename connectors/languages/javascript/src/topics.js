// What this connector knows: GitHub's event and action, the neutral type, and what a person reads of it.
//
// The first word of a type decides how policies weigh it: `credential` for whatever opens a door by itself (keys,
// tokens, leaked secrets), `account` for who may do what. So a policy needs no word of GitHub.

/** Event → action → type and description. Sources: https://docs.github.com/en/webhooks/webhook-events-and-payloads */
export const TOPICS = new Map([
  [
    'member',
    actions({
      added: ['account.member_added', 'Give a person access to'],
      edited: ['account.member_edited', "Change a person's access to"],
      removed: ['account.member_removed', "Take away a person's access to"],
    }),
  ],
  [
    'organization',
    actions({
      member_added: ['account.organization_member_added', 'Take a person into'],
      member_removed: ['account.organization_member_removed', 'Remove a person from'],
    }),
  ],
  [
    'repository',
    actions({
      deleted: ['account.repository_deleted', 'Delete'],
      publicized: ['account.repository_publicized', 'Make public'],
      transferred: ['account.repository_transferred', 'Transfer'],
    }),
  ],
  ['deploy_key', actions({ created: ['credential.deploy_key_created', 'Let a key into'] })],
  [
    'secret_scanning_alert',
    actions({
      created: ['credential.secret_found', 'A secret was found in'],
      publicly_leaked: ['credential.secret_leaked', 'A secret leaked from'],
      reopened: ['credential.secret_reopened', 'Reopen the alert about a secret in'],
      resolved: ['credential.secret_resolved', 'Close the alert about a secret in'],
      validated: ['credential.secret_validated', 'A working secret was found in'],
    }),
  ],
  [
    'personal_access_token_request',
    actions({
      approved: ['credential.token_approved', 'Let an access token into'],
      cancelled: ['credential.token_cancelled', 'Withdraw the request for an access token to'],
      created: ['credential.token_requested', 'Ask for an access token to'],
      denied: ['credential.token_denied', 'Refuse an access token to'],
    }),
  ],
]);

function actions(table) {
  return new Map(Object.entries(table).map(([action, [type, phrase]]) => [action, { type, phrase }]));
}
