import type { FirewallRule } from '../../../domain/probe/firewall.ts'

const ruleText = ({ purpose, protocol, from, fromPorts, to, toPorts, note }: FirewallRule): string =>
  [
    `${purpose} (${protocol})`,
    `  from  ${from}, ports ${fromPorts}`,
    `  to    ${to}, ports ${toPorts}`,
    ...(note === '' ? [] : [`  note  ${note}`]),
  ].join('\n')

/** The request as text for a letter to who runs the firewall. */
export const renderFirewallText = (rules: readonly FirewallRule[], hostName: string): string =>
  `Please let this through, both ways, for ${hostName}:\n\n${rules.map(ruleText).join('\n\n')}\n`
