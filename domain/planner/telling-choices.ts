import type { Choice } from './choice.ts'
import type { TransferPlan } from './plan-transfer.ts'

/** The x86 family beside each of Graviton. */
const BESIDE: Readonly<Record<string, string>> = { t4g: 't3', c6gn: 'c6in', c7gn: 'c6in' }

const besideOf = (name: string): string => {
  const [family = '', size = ''] = name.split('.')
  return `${BESIDE[family] ?? family}.${size}`
}

/** The choices worth a person's look: the allowed ones, the x86 ones beside them, and what would help. */
export const tellingChoices = ({ choices, alternative }: TransferPlan): Choice[] => {
  const allowed = choices.filter(({ isAllowed }) => isAllowed).map(({ type }) => type.name)
  const names = new Set([...allowed, ...allowed.map(besideOf), alternative?.type.name])
  return choices.filter(({ type }) => names.has(type.name))
}
