import { Button } from '@mantine/core'
import { Link } from 'wouter'
import { EmptyNote } from '../ui/EmptyNote.tsx'
import { Page } from '../ui/Page.tsx'

export const NotFound = () => (
  <Page title="No such page">
    <EmptyNote
      title="There is nothing at this address"
      text="It may have been typed wrongly, or come from another version of the panel."
    >
      <Button component={Link} href="/">
        Go to Overview
      </Button>
    </EmptyNote>
  </Page>
)
