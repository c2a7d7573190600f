import type { ProfileSummary } from '../../../contract/app.ts'
import { ScrollRegion } from '../../ui/ScrollRegion.tsx'
import { useDeployment } from '../deployment/deployment-store.ts'
import { ProfileRow } from './ProfileRow.tsx'
import css from './Profiles.module.css'

/** Each profile in a row. */
export const ProfileTable = ({ profiles }: { readonly profiles: readonly ProfileSummary[] }) => {
  const view = useDeployment((state) => state.view)
  return (
    <ScrollRegion label="Profiles table" className={css.scroll}>
      <table className={css.table} aria-label="Profiles">
        <thead>
          <tr>
            <th scope="col">Profile</th>
            <th scope="col" className={css.makesHead}>
              Makes
            </th>
            <th scope="col" className={css.last}>
              Last connected
            </th>
            <th scope="col" className={css.acts}>
              <span className={css.unseen}>Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {profiles.map((profile) => (
            <ProfileRow key={profile.name} profile={profile} view={view} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}
