// Runs in each page of the gallery: Plotly is one file of the site, loaded where there are figures.
(() => {
  const own = document.querySelector('script[src$="assets/custom.js"]');
  const figures = () => [...document.querySelectorAll('.concord-figure')];
  const begin = () => {
    if (figures().length === 0) return;
    // The name by which figures wait for it, see plotly-html.ts.
    window.concordPlotly1 = new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = own.src.replace(/custom\.js$/, 'plotly.js');
      script.onload = () => resolve(window.Plotly);
      script.onerror = () => reject(new Error('plotly.js is not beside the pages'));
      document.head.append(script);
    });
    window.dispatchEvent(new Event('concordPlotly1'));
    // Letters follow the theme that is chosen in the page.
    new MutationObserver(() => {
      for (const figure of figures().filter(({ data }) => data !== undefined)) {
        const { color } = getComputedStyle(figure.parentElement);
        window.Plotly.relayout(figure, { 'font.color': color, 'title.font.color': color });
      }
    }).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin);
  else begin();
})();
