import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import Runnable from './Runnable.vue';

/** The default theme, and programs that run in the page. */
export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('Runnable', Runnable);
  },
} satisfies Theme;
