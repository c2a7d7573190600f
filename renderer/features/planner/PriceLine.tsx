import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import type { PriceTable } from '../../../domain/planner/price-table.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { type Account, useRefreshPrices } from '../aws/look-ups.ts'
import css from './PriceLine.module.css'

type Props = { readonly table: PriceTable; readonly account: Account; readonly region: string }

/** Of what day the prices are, and the way to newer ones. */
export const PriceLine = ({ table, account, region }: Props) => {
  const refresh = useRefreshPrices()
  const changes = refresh.data?.changes
  return (
    <div className={css.line}>
      <p className={css.text} role="status">
        Prices of {region} in a table of {table.compiled}.{' '}
        {changes !== undefined && (changes.length === 0 ? 'AWS says the same.' : changes.join(' '))}
      </p>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconRefresh size={14} />}
        loading={refresh.isPending}
        onClick={() => refresh.mutate({ ...account, region })}
      >
        Ask AWS for prices
      </Button>
      {refresh.error !== null && (
        <div className={css.problem}>
          <ProblemNote problem={toProblem(refresh.error)} tone="warn" />
        </div>
      )}
    </div>
  )
}
