import type { HelperStatus } from '../engine/host/install/installation.ts'

const ANSWERS: Readonly<Record<HelperStatus['answer'], string>> = {
  answers: 'It answers you.',
  absent: 'Nothing listens on its socket.',
  refused: 'It does not serve you. To change that: sudo mole helper install --user NAME',
  silent: 'It does not answer. Next: sudo systemctl restart mole-helper.service (tunnels stay up)',
}

/** What there is of an installed helper, for people. */
export const renderHelperStatus = ({ isInstalled, version, allowedUid, answer }: HelperStatus): string =>
  isInstalled
    ? `The helper ${version} is installed for user ${allowedUid}. ${ANSWERS[answer]}`
    : 'The helper is not installed. To install it: sudo mole helper install'

/** The same for programs; "version" is that of the JSON itself. */
export const helperStatusFields = ({ version, ...rest }: HelperStatus): Readonly<Record<string, unknown>> => ({
  helperVersion: version,
  ...rest,
})
