import { describeInterface, type FactLine } from '../../../domain/probe/describe-interface.ts'
import type { InterfaceFacts } from '../../../domain/probe/interface.ts'
import type { ProbeReport } from '../../../domain/probe/report.ts'
import css from './Facts.module.css'
import { PartPanel } from './PartPanel.tsx'
import probe from './Probe.module.css'
import { Sourced } from './Sourced.tsx'

const Line = ({ line: { name, value, lacks, from } }: { readonly line: FactLine }) => (
  <div className={css.fact} data-lacking={value === null}>
    <dt>{name}</dt>
    <dd>{value === null ? (lacks ?? 'not known') : <Sourced from={from}>{value}</Sourced>}</dd>
  </div>
)

type GroupProps = { readonly title: string; readonly lines: readonly FactLine[] }

const Group = ({ title, lines }: GroupProps) => (
  <section className={css.group} aria-label={title}>
    <h3>{title}</h3>
    <dl>
      {lines.map((line) => (
        <Line key={line.name} line={line} />
      ))}
    </dl>
  </section>
)

const Facts = ({ facts }: { readonly facts: InterfaceFacts }) => {
  const lines = describeInterface(facts)
  return (
    <div className={css.groups}>
      <Group title={`Interface ${facts.name}`} lines={lines.filter(({ group }) => group === 'interface')} />
      <Group title="Host" lines={lines.filter(({ group }) => group === 'host')} />
    </div>
  )
}

/** What the interface that leads there can do, and the host behind it. */
export const FactsPanel = ({ report }: { readonly report: ProbeReport }) => (
  <PartPanel part="interface" report={report} height={180} className={probe.wide}>
    {(facts) => <Facts facts={facts} />}
  </PartPanel>
)
