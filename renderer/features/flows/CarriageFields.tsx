import { SegmentedControl, Switch } from '@mantine/core'
import { useId } from 'react'
import type { Carriage, MptcpStrategy, Spread } from '../../../domain/carriage.ts'
import css from './Flows.module.css'

const SPREADS: readonly { readonly value: Spread; readonly label: string; readonly hint: string }[] = [
  {
    value: 'round-robin',
    label: 'One after the other',
    hint: 'Each new connection takes the next tunnel: as many connections as tunnels use every tunnel.',
  },
  {
    value: 'hash',
    label: 'Kernel’s hash',
    hint: 'By addresses and ports, as Linux does it: a few connections may share a tunnel while another is empty.',
  },
]

const STRATEGIES: readonly { readonly value: MptcpStrategy; readonly label: string; readonly hint: string }[] = [
  { value: 'roundrobin', label: 'All', hint: 'Every tunnel carries.' },
  { value: 'adaptive', label: 'Adaptive', hint: 'Tunnels that measure badly are kept in reserve.' },
  { value: 'redundant', label: 'Redundant', hint: 'For safety before speed, as far as the kernel has it.' },
]

const hintOf = <T extends string>(options: readonly { readonly value: T; readonly hint: string }[], value: T): string =>
  options.find((option) => option.value === value)?.hint ?? ''

export type CarriageChoice = Pick<Carriage, 'spread' | 'mptcp' | 'relay'>

type Props = { readonly value: CarriageChoice; readonly onChange: (change: Partial<CarriageChoice>) => void }

/** How a connection finds its tunnel, and whether one connection may use them all. */
export const CarriageFields = ({ value, onChange }: Props) => {
  const id = useId()
  return (
    <>
      <div>
        <p className={css.label} id={`${id}-spread`}>
          New connections
        </p>
        <SegmentedControl
          size="xs"
          aria-labelledby={`${id}-spread`}
          data={SPREADS.map(({ value: each, label }) => ({ value: each, label }))}
          value={value.spread}
          onChange={(spread) => onChange({ spread: spread as Spread })}
        />
        <p className={css.hint}>{hintOf(SPREADS, value.spread)}</p>
      </div>
      <Switch
        label="Multipath TCP"
        description="One connection of a program that speaks it uses all tunnels; start others with: mole run -- PROGRAM"
        checked={value.mptcp !== null}
        onChange={({ currentTarget }) => onChange({ mptcp: currentTarget.checked ? { strategy: 'roundrobin' } : null })}
      />
      {value.mptcp !== null && (
        <div>
          <p className={css.label} id={`${id}-strategy`}>
            Strategy
          </p>
          <SegmentedControl
            size="xs"
            aria-labelledby={`${id}-strategy`}
            data={STRATEGIES.map(({ value: each, label }) => ({ value: each, label }))}
            value={value.mptcp.strategy}
            onChange={(strategy) => onChange({ mptcp: { strategy: strategy as MptcpStrategy } })}
          />
          <p className={css.hint}>{hintOf(STRATEGIES, value.mptcp.strategy)}</p>
        </div>
      )}
      <Switch
        label="Relay for ordinary TCP"
        description="Connections of programs that do not speak it are carried by Multipath TCP between this machine and the bastion."
        checked={value.relay}
        onChange={({ currentTarget }) => onChange({ relay: currentTarget.checked })}
      />
    </>
  )
}
