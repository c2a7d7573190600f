import { renderDuration } from './format.ts'
import { useEngineNow } from './use-now.ts'

type Props = { readonly sinceMs: number; readonly untilMs: number | null }

/** Time since, counting while there is no end. */
export const Elapsed = ({ sinceMs, untilMs }: Props) => {
  const now = useEngineNow(200, untilMs === null)
  return <span className="number">{renderDuration((untilMs ?? now) - sinceMs)}</span>
}
