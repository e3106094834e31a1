// What this connector knows: GitHub's event and action, the neutral type, and what a person reads of it.
//
// Types name what happened and not who says so. The first word decides how policies weigh it: `credential` is whatever
// opens a door. So a policy needs no word of GitHub.

/** Event → action → type and description. Sources: https://docs.github.com/en/webhooks/webhook-events-and-payloads */
export const TOPICS = new Map([
  [
    'member',
    actions({
      added: ['credential.access_granted', 'Give a person access to'],
      edited: ['credential.access_changed', "Change a person's access to"],
      removed: ['credential.access_revoked', "Take away a person's access to"],
    }),
  ],
  [
    'organization',
    actions({
      member_added: ['credential.access_granted', 'Take a person into'],
      member_removed: ['credential.access_revoked', 'Remove a person from'],
    }),
  ],
  [
    'repository',
    actions({
      deleted: ['repository.deleted', 'Delete'],
      publicized: ['repository.publicized', 'Make public'],
      transferred: ['repository.transferred', 'Transfer'],
    }),
  ],
  ['deploy_key', actions({ created: ['credential.deploy_key_added', 'Let a key into'] })],
  [
    'secret_scanning_alert',
    actions({
      created: ['secret.leaked', 'A secret was found in'],
      publicly_leaked: ['secret.leaked', 'A secret leaked from'],
      reopened: ['secret.leaked', 'Reopen the alert about a secret in'],
      resolved: ['secret.resolved', 'Close the alert about a secret in'],
      validated: ['secret.updated', 'A working secret was found in'],
    }),
  ],
  [
    'personal_access_token_request',
    actions({
      approved: ['credential.token_granted', 'Let an access token into'],
      cancelled: ['credential.token_request_closed', 'Withdraw the request for an access token to'],
      created: ['credential.token_requested', 'Ask for an access token to'],
      denied: ['credential.token_request_closed', 'Refuse an access token to'],
    }),
  ],
]);

function actions(table) {
  return new Map(Object.entries(table).map(([action, [type, phrase]]) => [action, { type, phrase }]));
}
