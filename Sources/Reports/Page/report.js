"use strict";
// Draws the charts described in #charts. Colours come from the style sheet, so that light, dark and print each fit.
(() => {
  const charts = JSON.parse(document.getElementById("charts").textContent);
  const drawn = [];

  function color(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
  function series(index) { return color(`--series-${index % 8}`); }

  function axis(title, extra) {
    return {
      title: { display: title !== "", text: title, color: color("--quiet") },
      ticks: { color: color("--quiet") },
      grid: { color: color("--line"), drawBorder: false },
      ...extra,
    };
  }

  // One horizontal line per arm from the lower to the upper end, with a mark at the value.
  function forest(chart) {
    const count = chart.series.length;
    const datasets = chart.series.map((s, index) => {
      const points = s.points.map(([x]) => ({ x, y: index }));
      return {
        label: s.name, data: points, showLine: true, borderColor: series(s.color), backgroundColor: series(s.color),
        borderWidth: 2.5,
        pointStyle: points.length === 3 ? ["line", "circle", "line"] : "circle",
        pointRotation: points.length === 3 ? [90, 0, 90] : 0,
        pointRadius: points.length === 3 ? [7, 6, 7] : 6,
        pointHoverRadius: points.length === 3 ? [7, 7, 7] : 7,
        pointBorderWidth: 2.5,
      };
    });
    for (const mark of chart.marks) {
      datasets.push({
        label: mark.name, data: [{ x: mark.at, y: -0.6 }, { x: mark.at, y: count - 0.4 }], showLine: true,
        borderColor: color(mark.solid ? "--text" : "--flat"), borderWidth: 1.5, borderDash: mark.solid ? [] : [6, 4],
        pointRadius: 0, pointHitRadius: 0,
      });
    }
    return {
      type: "scatter", data: { datasets },
      options: {
        scales: {
          x: axis(chart.xTitle, { suggestedMin: chart.xMin, suggestedMax: chart.xMax }),
          y: axis("", {
            min: -0.6, max: count - 0.4, reverse: true,
            afterBuildTicks: (scale) => { scale.ticks = chart.series.map((_, value) => ({ value })); },
            ticks: {
              color: color("--text"), font: { size: 13 },
              callback: (value) => chart.series[value]?.name ?? "",
            },
            grid: { display: false, drawBorder: false },
          }),
        },
        plugins: {
          legend: { display: false },
          tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${item.parsed.x.toFixed(3)}` } },
        },
      },
    };
  }

  function line(s) {
    return {
      label: s.name, data: s.points.map(([x, y]) => ({ x, y })), showLine: true, spanGaps: false,
      borderColor: series(s.color), backgroundColor: series(s.color), borderWidth: s.wide ? 3 : 1.75,
      pointRadius: s.marked ? 4 : 0, pointHitRadius: 4,
    };
  }

  // Two lines that cannot be seen, and what lies between them.
  function band(s) {
    const edge = { label: "", showLine: true, borderWidth: 0, pointRadius: 0, pointHitRadius: 0 };
    return s.band.length === 0 ? [] : [
      { ...edge, data: s.band.map(([x, low]) => ({ x, y: low })), fill: false },
      { ...edge, data: s.band.map(([x, , high]) => ({ x, y: high })), fill: "-1", backgroundColor: `${series(s.color)}26` },
    ];
  }

  function lines(chart) {
    return {
      type: "scatter",
      data: { datasets: [...chart.series.map(line), ...chart.series.flatMap(band)] },
      options: {
        scales: {
          x: axis(chart.xTitle, {
            min: chart.xMin, max: chart.xMax, type: chart.isLogarithmic ? "logarithmic" : "linear",
          }),
          y: axis(chart.yTitle, {
            beginAtZero: chart.yFromZero, min: chart.yMin, max: chart.yMax,
          }),
        },
        plugins: {
          legend: {
            display: chart.series.length > 1, position: "bottom",
            labels: {
              color: color("--text"), boxWidth: 18, boxHeight: 2, filter: (item) => item.text !== "",
            },
          },
        },
      },
    };
  }

  function stack(chart) {
    return {
      type: "bar",
      data: {
        labels: chart.labels,
        datasets: chart.series.map((s) => ({
          label: s.name, data: s.points.map(([value]) => value), backgroundColor: series(s.color), barPercentage: 0.7,
        })),
      },
      options: {
        indexAxis: "y",
        scales: {
          x: axis(chart.xTitle, { stacked: true, beginAtZero: true }),
          y: axis("", { stacked: true, ticks: { color: color("--text"), font: { size: 13 } }, grid: { display: false } }),
        },
        plugins: { legend: { position: "bottom", labels: { color: color("--text"), boxWidth: 14, boxHeight: 14 } } },
      },
    };
  }

  function draw() {
    for (const old of drawn.splice(0)) old.destroy();
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    for (const chart of charts) {
      const canvas = document.getElementById(chart.id);
      if (!canvas) continue;
      const made = { forest, lines, stack }[chart.kind](chart);
      Object.assign(made.options, { animation: false, responsive: true, maintainAspectRatio: false });
      drawn.push(new Chart(canvas, made));
    }
  }

  draw();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  window.addEventListener("beforeprint", draw);
  window.addEventListener("afterprint", draw);
})();
