'use strict';

// Charts over days, drawn by uPlot with their values under the pointer, in the place of the picture that was there.
{
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const colour = name => () => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const font = '13px system-ui,-apple-system,"Segoe UI",sans-serif';
  const secondsOfDay = 86400;
  const dayOf = (at, options) => new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options }).format(at * 1000);
  const number = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
  const short = new Intl.NumberFormat('en', { notation: 'compact' });
  const steps = [1, 2, 7, 14, 28, 91, 182, 364, 728, 1456];

  const draw = figure => {
    const { unit, days, series } = JSON.parse(figure.dataset.plot);
    const isLong = days.at(-1) - days[0] > 366;
    const size = () => ({ width: figure.clientWidth, height: figure.clientWidth > 600 ? 300 : 240 });
    const axis = { font, stroke: colour('--muted'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
    const label = { label: unit, labelFont: font, labelSize: 20 };
    const plot = new uPlot({
      ...size(),
      // A day is one of its own zone, whichever that is: it has no hours to be moved by.
      tzDate: at => uPlot.tzDate(new Date(at * 1000), 'UTC'),
      scales: { y: { range: (_, least, most) => [0, Math.max(1, most * 1.05)] } },
      axes: [
        {
          ...axis,
          space: 70,
          size: 30,
          incrs: steps.map(step => step * secondsOfDay),
          values: (_, times) => times.map(at => dayOf(at, isLong
            ? { month: 'short', year: 'numeric' } : { day: 'numeric', month: 'short' })),
        },
        { ...axis, ...label, size: 48, values: (_, values) => values.map(value => short.format(value)) },
      ],
      series: [
        { label: 'Day', value: (_, at) => at === null ? '–' : dayOf(at, { dateStyle: 'medium' }) },
        ...series.map(({ name }, index) => ({
          label: name,
          stroke: colour(`--c${index + 1}`),
          width: 2.5,
          dash: index > 3 ? [6, 4] : undefined,
          points: { show: days.length === 1 },
          value: (_, value) => value === null ? '–' : number.format(value),
        })),
      ],
    }, [days.map(day => day * secondsOfDay), ...series.map(one => one.values)], figure);
    figure.classList.add('plotted');
    new ResizeObserver(() => plot.setSize(size())).observe(figure);
    dark.addEventListener('change', () => plot.redraw());
  };

  document.querySelectorAll('figure[data-plot]').forEach(draw);
}
