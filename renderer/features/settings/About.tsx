import { useQuery } from '@tanstack/react-query'
import { currentClient, useIsOpen } from '../../app/connection-store.ts'
import { Facts } from '../../ui/Facts.tsx'
import { renderTime } from '../../ui/format.ts'
import { Panel } from '../../ui/Panel.tsx'
import css from './Settings.module.css'

export const About = () => {
  const { data } = useQuery({
    queryKey: ['hello'],
    enabled: useIsOpen(),
    queryFn: ({ signal }) => currentClient().call('engine.hello', {}, { signal }),
  })
  return (
    <Panel title="About">
      <Facts
        facts={[
          { name: 'Cloud Mole', value: data === undefined ? '–' : `version ${data.version}` },
          { name: 'Engine process', value: data?.pid ?? '–' },
          { name: 'Running since', value: data === undefined ? '–' : renderTime(data.startedAtMs) },
        ]}
      />
      <p className={css.note} style={{ margin: '12px 0 0' }}>
        Closing this page does not cut the tunnels. They outlive the engine too.
      </p>
    </Panel>
  )
}
