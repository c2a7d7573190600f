import type { DeploymentView } from '../../../contract/app.ts'
import { renderCount, renderMinutes, renderUsd } from '../../ui/format.ts'
import { Health } from '../../ui/Health.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { ScrollRegion } from '../../ui/ScrollRegion.tsx'
import { useEngineNow } from '../../ui/use-now.ts'
import css from './BastionsPanel.module.css'
import { type Bastion, bastionLevel, bastionName, bastionStateText } from './bastion-state.ts'

type Machine = NonNullable<Bastion['machine']>

const marketOf = ({ market, spotUsdPerHour }: Machine): string => {
  if (market === 'on-demand') return 'on demand'
  return spotUsdPerHour === null ? 'Spot' : `Spot, ${renderUsd(spotUsdPerHour)}/h`
}

const MachineLines = ({ machine }: { readonly machine: Machine }) => {
  const now = useEngineNow(60_000)
  return (
    <>
      <span className={css.fact}>
        <span className="mono">{machine.instanceType}</span> in {machine.zone}, {marketOf(machine)}
      </span>
      <span className={css.faint}>
        <span className="mono">{machine.instanceId}</span>, for {renderMinutes(now - machine.launchedAtMs)}
      </span>
    </>
  )
}

const Item = ({ bastion, tunnels }: { readonly bastion: Bastion; readonly tunnels: number }) => (
  <li className={css.item} data-state={bastion.state}>
    <span className={css.head}>
      <span className={css.name}>{bastionName(bastion)}</span>
      <Health level={bastionLevel(bastion)} text={bastionStateText(bastion)} />
      <span className={css.carries}>{renderCount(tunnels, 'tunnel')}</span>
    </span>
    {bastion.machine === null ? (
      <span className={css.fact}>No machine runs it.</span>
    ) : (
      <MachineLines machine={bastion.machine} />
    )}
    {bastion.publicAddress !== '' && <span className={`${css.faint} mono`}>{bastion.publicAddress}</span>}
  </li>
)

type Props = { readonly view: DeploymentView; readonly className?: string | undefined }

/** The machines at the far end: what they are, where, since when, and whether they run. */
export const BastionsPanel = ({ view, className }: Props) => (
  <Panel title="Bastions" className={className} flush>
    <div className={css.room}>
      <ScrollRegion label="Bastions list" className={css.scroll}>
        <ul className={css.list} aria-label="Bastions">
          {view.bastions.map((bastion) => (
            <Item
              key={bastion.id}
              bastion={bastion}
              tunnels={view.tunnels.filter(({ bastionId }) => bastionId === bastion.id).length}
            />
          ))}
        </ul>
      </ScrollRegion>
    </div>
  </Panel>
)
