import type { CloudResource } from '../../../contract/app.ts'
import { ScrollRegion } from '../../ui/ScrollRegion.tsx'
import css from './ResourceTable.module.css'

type Props = { readonly resources: readonly CloudResource[]; readonly label: string }

/** Things in the cloud: kind, id, state, detail. */
export const ResourceTable = ({ resources, label }: Props) => (
  <ScrollRegion label={`${label} table`} className={css.scroll}>
    <table className={css.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">Kind</th>
          <th scope="col">Id</th>
          <th scope="col">Name</th>
          <th scope="col">State</th>
          <th scope="col">Detail</th>
        </tr>
      </thead>
      <tbody>
        {resources.map(({ kind, id, name, state, detail }) => (
          <tr key={`${kind} ${id}`}>
            <td>{kind}</td>
            <th scope="row" className="mono">
              {id}
            </th>
            <td>{name}</td>
            <td>{state}</td>
            <td className={css.detail}>{detail}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </ScrollRegion>
)
