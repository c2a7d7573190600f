import { Page } from '../../ui/Page.tsx'
import { About } from './About.tsx'
import { AwsSettings } from './AwsSettings.tsx'
import { Doctor } from './Doctor.tsx'
import { OtherBrowser } from './OtherBrowser.tsx'
import css from './Settings.module.css'
import { ThemeChoice } from './ThemeChoice.tsx'

export const Settings = () => (
  <Page title="Settings" lead="What this machine needs, and how the panel looks.">
    <div className={css.columns}>
      <div className={css.side}>
        <Doctor />
        <AwsSettings />
      </div>
      <div className={css.side}>
        <ThemeChoice />
        <OtherBrowser />
        <About />
      </div>
    </div>
  </Page>
)
