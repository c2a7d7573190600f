import type { DeploymentView } from '../../../contract/app.ts'
import { HealthMark } from '../../ui/Health.tsx'
import { failoverNotice } from './failover.ts'
import css from './TunnelMap.module.css'

/** What has become of the route, beside the map's title: it takes no room of its own, so nothing moves when it comes. */
export const MapNotice = ({ view }: { readonly view: DeploymentView }) => {
  const notice = failoverNotice(view)
  if (notice === null) return null
  return (
    <p className={css.notice} data-level={notice.level} role={notice.isAlarm ? 'alert' : 'status'}>
      <HealthMark level={notice.level} />
      {notice.text}
    </p>
  )
}
