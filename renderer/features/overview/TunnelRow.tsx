import { ActionIcon, Tooltip } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import type { TunnelSample, TunnelView } from '../../../contract/app.ts'
import { interfaceName } from '../../../domain/ours.ts'
import { orDash, renderAge, renderMinutes, renderMs, renderRate, renderRatio } from '../../ui/format.ts'
import { Health } from '../../ui/Health.tsx'
import { notifyProblem } from '../../ui/notify-problem.ts'
import { useRotate } from '../deployment/acts.ts'
import { tunnelColour } from '../telemetry/tunnel-colour.ts'
import { PathControls } from './PathControls.tsx'
import { Sparkline } from './Sparkline.tsx'
import css from './TunnelsPanel.module.css'
import { healthOf, routeNote } from './tunnel-health.ts'

const RotateButton = ({ slot, disabled }: { readonly slot: number; readonly disabled: boolean }) => {
  const rotate = useRotate()
  return (
    <Tooltip label="New keys now">
      <ActionIcon
        size="xs"
        variant="subtle"
        color="gray"
        disabled={disabled}
        loading={rotate.isPending}
        aria-label={`New keys for tunnel ${slot} now`}
        onClick={() => rotate.mutate([slot], { onError: notifyProblem })}
      >
        <IconRefresh size={13} />
      </ActionIcon>
    </Tooltip>
  )
}

type Props = {
  readonly tunnel: TunnelView
  readonly sample: TunnelSample | undefined
  readonly inLab: boolean
  readonly deployment: string | null
  readonly nowMs: number
  /** Something else is going on. */
  readonly isBusy: boolean
}

/** A tunnel: health, rates, and in the lab what can be done to its path. */
export const TunnelRow = ({ tunnel, sample, inLab, deployment, nowMs, isBusy }: Props) => {
  const health = healthOf(tunnel)
  const note = routeNote(tunnel)
  return (
    <tr>
      <th scope="row" className={css.tunnel}>
        <span className={css.swatch} style={{ background: tunnelColour(tunnel.slot) }} aria-hidden="true" />
        {/* With every other renewal of its keys a tunnel has another interface; people know it by its number. */}
        <span title={`Interface ${tunnel.interfaceName}`}>{interfaceName(tunnel.slot)}</span>
      </th>
      <td>
        <Health level={health.level} text={health.text} />
        {note !== null && <span className={css.out}>{note}</span>}
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
      <td className={`${css.number} ${css.keysAge}`}>
        {orDash(tunnel.keysSinceMs, (since) => renderMinutes(nowMs - since))}{' '}
        <RotateButton slot={tunnel.slot} disabled={isBusy} />
      </td>
      {inLab && (
        <td className={css.number}>
          <PathControls deployment={deployment} tunnel={tunnel} />
        </td>
      )}
    </tr>
  )
}
