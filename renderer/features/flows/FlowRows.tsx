import type { Flow } from '../../../contract/app.ts'
import { interfaceName } from '../../../domain/ours.ts'
import { orDash, renderBytes, renderCount, renderMs, renderRate } from '../../ui/format.ts'
import { tunnelColour } from '../telemetry/tunnel-colour.ts'
import css from './Flows.module.css'
import type { FlowGroup } from './flow-groups.ts'

const counted = new Intl.NumberFormat('en')

const Tunnel = ({ slot }: { readonly slot: number | null }) =>
  slot === null ? (
    <span className={css.faint}>not told</span>
  ) : (
    <span className={css.tunnel}>
      <span className={css.swatch} style={{ background: tunnelColour(slot) }} aria-hidden="true" />
      {interfaceName(slot)}
    </span>
  )

/** Colours of the tunnels a connection uses, one beside the other. */
const Tunnels = ({ flows }: { readonly flows: readonly Flow[] }) => (
  <span className={css.tunnel}>
    {flows.map(({ local, tunnel }) => (
      <span
        key={local}
        className={css.swatch}
        style={{ background: tunnel === null ? 'var(--unknown)' : tunnelColour(tunnel) }}
        aria-hidden="true"
      />
    ))}
    {renderCount(flows.length, 'subflow')}
  </span>
)

const Amounts = ({
  of,
}: {
  readonly of: Pick<FlowGroup, 'upBitsPerSecond' | 'downBitsPerSecond' | 'bytes' | 'rttMs'>
}) => (
  <>
    <td className={css.number}>{orDash(of.upBitsPerSecond, renderRate)}</td>
    <td className={css.number}>{orDash(of.downBitsPerSecond, renderRate)}</td>
    <td className={css.number}>{renderBytes(of.bytes)}</td>
    <td className={css.number}>{orDash(of.rttMs, renderMs)}</td>
  </>
)

const Elephant = () => <span className={css.elephant}>elephant</span>

const Limit = ({ flow }: { readonly flow: Flow | undefined }) => {
  if (flow === undefined) return <td className={css.limit} />
  const { limitedBy, retransmits } = flow
  return (
    <td className={css.limit}>
      {limitedBy}
      {retransmits > 0 && <span className={css.faint}> {counted.format(retransmits)} resent</span>}
      {limitedBy === null && retransmits === 0 && <span className={css.faint}>nothing shows</span>}
    </td>
  )
}

const Subflow = ({ flow }: { readonly flow: Flow }) => (
  <tr className={css.subflow}>
    <td className={css.connection}>
      <span className={css.stem}>
        <span className={css.branch} aria-hidden="true" />
        <span className={css.local}>{flow.local}</span>
        {flow.backup && <span className={css.backup}>in reserve</span>}
      </span>
    </td>
    <td>
      <Tunnel slot={flow.tunnel} />
    </td>
    <Amounts of={{ ...flow, bytes: flow.bytesSent + flow.bytesReceived }} />
    <Limit flow={flow} />
  </tr>
)

/** A connection in a row; one of Multipath TCP has a row for each subflow below its own. */
export const FlowRows = ({ group }: { readonly group: FlowGroup }) => {
  const isMultipath = group.mptcpToken !== null
  const only = isMultipath ? undefined : group.flows[0]
  return (
    <tbody>
      <tr>
        <th scope="row" className={css.connection}>
          <span className={css.remote}>{group.remote}</span>
          {group.isElephant && <Elephant />}
          {isMultipath ? (
            <span className={css.kind}>Multipath TCP</span>
          ) : (
            <span className={css.local}>from {only?.local}</span>
          )}
        </th>
        <td>{isMultipath ? <Tunnels flows={group.flows} /> : <Tunnel slot={only?.tunnel ?? null} />}</td>
        <Amounts of={group} />
        <Limit flow={only} />
      </tr>
      {isMultipath && group.flows.map((flow) => <Subflow key={flow.local} flow={flow} />)}
    </tbody>
  )
}
