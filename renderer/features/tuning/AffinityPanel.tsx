import { Skeleton } from '@mantine/core'
import type { Problem } from '../../../contract/app.ts'
import type { HostLoad } from '../../../contract/helper.ts'
import { orDash, renderBytes, renderShare } from '../../ui/format.ts'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { AffinityMap } from './AffinityMap.tsx'
import { renderCores } from './affinity-geometry.ts'
import css from './Tuning.module.css'
import { inOrder, tunnelName } from './tunnel-name.ts'

/** The same in words, for who cannot read the drawing. */
const AsTable = ({ load }: { readonly load: HostLoad }) => (
  <details className={css.asTable}>
    <summary>As a table</summary>
    <table className={css.table} aria-label="Tunnels and cores">
      <thead>
        <tr>
          <th scope="col">Tunnel</th>
          <th scope="col">Cores</th>
          <th scope="col" className={css.number}>
            Of one core
          </th>
          <th scope="col" className={css.number}>
            Memory
          </th>
        </tr>
      </thead>
      <tbody>
        {load.tunnels.map(({ name, cores, coreRatio, memoryBytes }) => (
          <tr key={name}>
            <th scope="row" className="mono">
              {tunnelName(name)}
            </th>
            <td>{cores.length === 0 ? 'any' : renderCores(cores)}</td>
            <td className={css.number}>{orDash(coreRatio, renderShare)}</td>
            <td className={css.number}>{orDash(memoryBytes, renderBytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </details>
)

const Key = () => (
  <ul className={css.key} aria-hidden="true">
    <li>
      <span className={css.keyMark} data-what="own" /> works for the tunnel
    </li>
    <li>
      <span className={css.keyMark} data-what="any" /> any core
    </li>
    <li>
      <span className={css.keyMark} data-what="free" /> kept free
    </li>
  </ul>
)

type Props = { readonly load: HostLoad | null; readonly problem: Problem | null }

/** Which core works for which tunnel, and how much. */
export const AffinityPanel = ({ load, problem }: Props) => (
  <Panel title="Tunnels and cores" className={css.wide} aside={<Key />}>
    {problem !== null && <ProblemNote problem={problem} tone="warn" />}
    {load === null ? (
      problem === null && <Skeleton height={240} radius="sm" aria-busy="true" />
    ) : (
      <>
        <AffinityMap load={inOrder(load)} />
        <AsTable load={inOrder(load)} />
      </>
    )}
  </Panel>
)
