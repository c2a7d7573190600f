import { Button } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { ActLine } from '../../ui/ActLine.tsx'
import { CheckList } from '../../ui/CheckList.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import css from './AccountCheck.module.css'
import { type Checked, useAccountCheck } from './look-ups.ts'

/** Finds out, without making anything, whether the account allows and has what is needed; names each lack. */
export const AccountCheck = (asked: Checked) => {
  const check = useAccountCheck()
  return (
    <div className={css.check}>
      <ActLine text="Identity, every permission by its name, quotas and what the region offers. Nothing is made by it.">
        <Button
          variant="default"
          leftSection={<IconShieldCheck size={16} />}
          loading={check.isPending}
          onClick={() => check.mutate(asked)}
        >
          {check.data === undefined ? 'Check the account' : 'Check again'}
        </Button>
      </ActLine>
      {check.error !== null && <ProblemNote problem={toProblem(check.error)} />}
      {check.data !== undefined && (
        <div className={css.list}>
          <CheckList checks={check.data.checks} isShort />
        </div>
      )}
    </div>
  )
}
