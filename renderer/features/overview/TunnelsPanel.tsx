import { Button } from '@mantine/core'
import { Link } from 'wouter'
import type { DeploymentView, TunnelView } from '../../../contract/app.ts'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { EmptyNote } from '../../ui/EmptyNote.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { ScrollRegion } from '../../ui/ScrollRegion.tsx'
import { useEngineNow } from '../../ui/use-now.ts'
import { isActing, isUp } from '../deployment/phase.ts'
import { useLiveSample } from '../telemetry/use-live-sample.ts'
import { bastionName, bastionStateText } from './bastion-state.ts'
import { KeysControl } from './KeysControl.tsx'
import { TunnelRow } from './TunnelRow.tsx'
import css from './TunnelsPanel.module.css'

const Head = ({ inLab }: { readonly inLab: boolean }) => (
  <thead>
    <tr>
      <th scope="col">Tunnel</th>
      <th scope="col">Health</th>
      <th scope="col" className={css.endpointHead}>
        Endpoint
      </th>
      <th scope="col" className={css.number}>
        Up
      </th>
      <th scope="col" className={css.number}>
        Down
      </th>
      <th scope="col" className={css.spark}>
        Last minute
      </th>
      <th scope="col" className={css.number}>
        Round trip
      </th>
      <th scope="col" className={css.number}>
        Loss
      </th>
      <th scope="col" className={`${css.number} ${css.handshake}`}>
        Handshake
      </th>
      <th scope="col" className={`${css.number} ${css.keysAge}`}>
        Keys
      </th>
      {inLab && (
        <th scope="col" className={css.number}>
          Path
        </th>
      )}
    </tr>
  </thead>
)

const Controls = ({ view, plan }: { readonly view: DeploymentView; readonly plan: DeploymentPlan }) => (
  <>
    {plan.autoscale.enabled && <span className={css.auto}>scales by the load</span>}
    <KeysControl view={view} plan={plan} disabled={isActing(view)} />
    <Button component={Link} href="/scaling" size="xs" variant="default">
      Scale
    </Button>
  </>
)

type Group = { readonly title: string; readonly tunnels: readonly TunnelView[] }

/** By bastion where there are several; otherwise all in one, without a title. */
const groupsOf = ({ bastions, tunnels }: DeploymentView): Group[] => {
  if (bastions.length < 2) return [{ title: '', tunnels }]
  return bastions.map((bastion) => {
    const own = tunnels.filter(({ bastionId }) => bastionId === bastion.id)
    const state = bastion.state === 'running' ? '' : `: ${bastionStateText(bastion)}`
    return { title: `${bastionName(bastion)}${state}`, tunnels: own }
  })
}

/** Each tunnel in a row; in the lab its path can be broken and healed there. */
export const TunnelsPanel = ({
  view,
  className,
}: {
  readonly view: DeploymentView
  readonly className?: string | undefined
}) => {
  const inLab = view.plan?.target === 'lab'
  const sample = useLiveSample(view)
  const now = useEngineNow(60_000)
  return (
    <Panel
      title="Tunnels"
      className={className}
      flush
      aside={isUp(view) && view.plan !== null && <Controls view={view} plan={view.plan} />}
    >
      {view.tunnels.length === 0 ? (
        <EmptyNote title="No tunnels yet" text="They appear here as soon as the bastion has published its keys." />
      ) : (
        <ScrollRegion label="Tunnels table" className={css.scroll}>
          <table className={css.table} aria-label="Tunnels">
            <Head inLab={inLab} />
            {groupsOf(view).map(({ title, tunnels }) => (
              <tbody key={title}>
                {title !== '' && (
                  <tr className={css.group}>
                    <th scope="rowgroup" colSpan={10}>
                      {title}
                    </th>
                  </tr>
                )}
                {tunnels.map((tunnel) => (
                  <TunnelRow
                    key={tunnel.slot}
                    tunnel={tunnel}
                    sample={sample?.tunnels.find(({ slot }) => slot === tunnel.slot)}
                    inLab={inLab}
                    deployment={view.id}
                    nowMs={now}
                    isBusy={!isUp(view) || isActing(view)}
                  />
                ))}
              </tbody>
            ))}
          </table>
        </ScrollRegion>
      )}
    </Panel>
  )
}
