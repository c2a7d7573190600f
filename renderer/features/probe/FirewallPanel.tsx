import type { FirewallRule } from '../../../domain/probe/firewall.ts'
import type { ProbeReport } from '../../../domain/probe/report.ts'
import { CopyTextButton } from '../../ui/CopyTextButton.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { ScrollRegion } from '../../ui/ScrollRegion.tsx'
import { renderFirewallText } from './firewall-text.ts'
import probe from './Probe.module.css'

const Rule = ({ rule: { purpose, protocol, from, fromPorts, to, toPorts, note } }: { readonly rule: FirewallRule }) => (
  <tr>
    <th scope="row">{purpose}</th>
    <td>{protocol}</td>
    <td className="mono">{from}</td>
    <td className="mono">{fromPorts}</td>
    <td className="mono">{to}</td>
    <td className="mono">{toPorts}</td>
    <td>{note}</td>
  </tr>
)

/** What a firewall on the way has to let through, to be handed to who runs it. */
export const FirewallPanel = ({ report: { firewall, hostName } }: { readonly report: ProbeReport }) => (
  <Panel
    title="For who runs the firewall"
    className={probe.wide}
    flush
    aside={<CopyTextButton text={renderFirewallText(firewall, hostName)} label="Copy as text" />}
  >
    <ScrollRegion label="Firewall request table">
      <table className={probe.table} aria-label="Firewall request">
        <thead>
          <tr>
            <th scope="col">For</th>
            <th scope="col">Protocol</th>
            <th scope="col">From</th>
            <th scope="col">Ports</th>
            <th scope="col">To</th>
            <th scope="col">Ports</th>
            <th scope="col">Note</th>
          </tr>
        </thead>
        <tbody>
          {firewall.map((rule) => (
            <Rule key={`${rule.purpose} ${rule.protocol} ${rule.from} ${rule.to} ${rule.toPorts}`} rule={rule} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  </Panel>
)
