import { Button } from '@mantine/core'
import type { TunnelSample, TunnelView } from '../../../contract/app.ts'
import { renderAge, renderMs, renderRate, renderRatio } from '../../ui/format.ts'
import { Health } from '../../ui/Health.tsx'
import { useChangePath } from '../deployment/acts.ts'
import { tunnelColour } from '../telemetry/tunnel-colour.ts'
import { Sparkline } from './Sparkline.tsx'
import css from './TunnelsPanel.module.css'
import { healthOf } from './tunnel-health.ts'

const PathButton = ({ tunnel }: { readonly tunnel: TunnelView }) => {
  const change = useChangePath()
  const verb = tunnel.pathBroken ? 'Heal' : 'Break'
  return (
    <Button
      size="compact-xs"
      variant={tunnel.pathBroken ? 'light' : 'default'}
      loading={change.isPending}
      aria-label={`${verb} path of tunnel ${tunnel.slot}`}
      onClick={() => change.mutate({ tunnel: tunnel.slot, state: tunnel.pathBroken ? 'healthy' : 'broken' })}
    >
      {verb} path
    </Button>
  )
}

const orDash = (value: number | null | undefined, render: (value: number) => string): string =>
  value == null ? '–' : render(value)

type Props = {
  readonly tunnel: TunnelView
  readonly sample: TunnelSample | undefined
  readonly inLab: boolean
}

export const TunnelRow = ({ tunnel, sample, inLab }: Props) => {
  const health = healthOf(tunnel)
  return (
    <tr>
      <th scope="row" className={css.tunnel}>
        <span className={css.swatch} style={{ background: tunnelColour(tunnel.slot) }} aria-hidden="true" />
        {tunnel.interfaceName}
      </th>
      <td>
        <Health level={health.level} text={health.text} />
      </td>
      <td className={css.endpoint}>{tunnel.endpoint}</td>
      <td className={css.number}>{orDash(sample?.upBitsPerSecond, renderRate)}</td>
      <td className={css.number}>{orDash(sample?.downBitsPerSecond, renderRate)}</td>
      <td className={css.spark}>
        <Sparkline slot={tunnel.slot} />
      </td>
      <td className={css.number}>{orDash(sample?.rttMs, renderMs)}</td>
      <td className={css.number}>{orDash(sample?.lossRatio, renderRatio)}</td>
      <td className={`${css.number} ${css.handshake}`}>
        {orDash(sample?.handshakeAgeSeconds, (age) => `${renderAge(age)} ago`)}
      </td>
      {inLab && (
        <td className={css.number}>
          <PathButton tunnel={tunnel} />
        </td>
      )}
    </tr>
  )
}
