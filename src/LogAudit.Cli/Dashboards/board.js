// Draws the charts of one board from the data in the page. Types as the service names them.
(() => {
  const palette = ["#1d5fbf", "#e2852b", "#2a9d6f", "#c0453d", "#7b5bb5", "#0f8b8d", "#b7791f", "#d45087", "#5b6b7f", "#8aa62f"];
  const isNumber = (type) => type === "bigint" || type === "double";
  const number = (text) => (text === null || text === "null" || text === "" ? null : Number(text));
  // Units stand at the end of a column's name: bytes_out, mean_ms, failed_percent, worst_us.
  const unitOf = (name) =>
    /(^|_)bytes?(_|$)/.test(name) ? "bytes" : /_ms$/.test(name) ? "ms" : /_us$/.test(name) ? "µs" : /_percent$/.test(name) ? "%" : /_seconds?$|^seconds$/.test(name) ? "s" : "";
  const bytes = (value) => {
    const steps = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
    let step = 0;
    for (; Math.abs(value) >= 1024 && step < steps.length - 1; step++) value /= 1024;
    return `${+value.toFixed(value < 10 && step > 0 ? 2 : 1)} ${steps[step]}`;
  };
  const show = (value, name) =>
    value === null || Number.isNaN(value) ? "–" : unitOf(name) === "bytes" ? bytes(value) : `${(+value.toFixed(2)).toLocaleString("en-US")}${unitOf(name) ? ` ${unitOf(name)}` : ""}`;
  const short = (value, name) =>
    unitOf(name) === "bytes" ? bytes(value) : Math.abs(value) >= 1e6 ? `${+(value / 1e6).toFixed(1)}M` : Math.abs(value) >= 1e4 ? `${+(value / 1e3).toFixed(1)}k` : `${value}`;
  const words = (name) => name.replaceAll("_", " ");
  // Seconds of __time__ read better as a time of the wall clock, UTC+8 as in the service.
  const clock = (seconds) => new Date((Number(seconds) + 28800) * 1000).toISOString().slice(0, 19).replace("T", " ");

  // Times as Unix seconds on an axis, such as those of metrics.
  const moment = (text) => (/^1\d{9}$/.test(text) ? clock(text).slice(5, 16) : text);

  const element = (parent, tag, className, text) => {
    const made = parent.appendChild(document.createElement(tag));
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const table = (box, chart) => {
    const made = element(element(box, "div", "scroll"), "table");
    const head = element(element(made, "thead"), "tr");
    const numeric = chart.columns.map(([name, type]) => isNumber(type) && name !== "__time__");
    chart.columns.forEach(([name], i) => element(head, "th", numeric[i] ? "number" : "", name === "__time__" ? "time" : words(name)));
    const body = element(made, "tbody");
    chart.rows.forEach((row) => {
      const line = element(body, "tr");
      row.forEach((cell, i) =>
        element(line, "td", numeric[i] ? "number" : "", numeric[i] ? show(number(cell), chart.columns[i][0]) : chart.columns[i][0] === "__time__" ? clock(cell) : cell === null || cell === "null" ? "–" : cell));
    });
  };

  const figure = (box, chart) => {
    const [name] = chart.columns[0];
    const made = element(box, "div", "figure", show(number(chart.rows[0][0]), name));
    element(made, "small", "", words(name));
  };

  const draw = (box, option) => {
    const place = element(box, "div", "chart");
    const drawn = echarts.init(place, null, { renderer: "svg" });
    drawn.setOption({ color: palette, animation: false, textStyle: { fontFamily: "inherit" }, aria: { enabled: true }, ...option });
    addEventListener("resize", () => drawn.resize());
  };

  // First column: the axis. Further texts name the series, numbers are their values.
  const series = (chart) => {
    const texts = chart.columns.map(([, type], i) => (i > 0 && !isNumber(type) ? i : -1)).filter((i) => i >= 0);
    let values = chart.columns.map(([, type], i) => (i > 0 && isNumber(type) ? i : -1)).filter((i) => i >= 0);
    // A number that is no measure, such as an HTTP status between axis and count, names series as well.
    if (texts.length === 0 && values.length > 1 && new Set(chart.rows.map((row) => row[0])).size < chart.rows.length) texts.push(values.shift());
    const axis = [...new Set(chart.rows.map((row) => row[0] ?? "–"))];
    const made = new Map();
    chart.rows.forEach((row) =>
      values.forEach((value) => {
        const group = texts.map((i) => row[i] ?? "–").join(" · ");
        const column = chart.columns[value][0];
        const name = group ? (values.length > 1 ? `${group} · ${words(column)}` : group) : words(column);
        if (!made.has(name)) made.set(name, { name, column, data: new Array(axis.length).fill(null) });
        made.get(name).data[axis.indexOf(row[0] ?? "–")] = number(row[value]);
      }));
    return { axis: axis.map(moment), list: [...made.values()] };
  };

  const line = (box, chart) => {
    const { axis, list } = series(chart);
    const unit = list[0]?.column ?? "";
    const several = new Set(list.map((one) => one.column)).size > 1;
    draw(box, {
      tooltip: { trigger: "axis", valueFormatter: (value) => show(value, unit) },
      legend: { type: "scroll", top: 0, left: 0 },
      grid: { left: 12, right: 48, top: 52, bottom: 8, containLabel: true },
      xAxis: { type: "category", data: axis, boundaryGap: axis.length === 1, axisLabel: { hideOverlap: true } },
      yAxis: { type: "value", name: several ? unitOf(unit) : unitOf(unit) || words(unit), nameTextStyle: { align: "left" }, axisLabel: { formatter: (value) => short(value, unit) } },
      series: list.map((one) => ({ name: one.name, type: "line", data: one.data, symbolSize: 4, showSymbol: axis.length < 120, connectNulls: true })),
    });
  };

  const bar = (box, chart) => {
    const { axis, list } = series(chart);
    const unit = list[0]?.column ?? "";
    draw(box, {
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (value) => show(value, unit) },
      legend: list.length > 1 ? { type: "scroll", top: 0, left: 0 } : undefined,
      grid: { left: 12, right: 28, top: 32, bottom: 24, containLabel: true },
      xAxis: { type: "value", name: unitOf(unit) || words(unit), nameLocation: "middle", nameGap: 26, axisLabel: { formatter: (value) => short(value, unit), hideOverlap: true } },
      yAxis: { type: "category", data: axis, inverse: true, axisLabel: { width: 160, overflow: "truncate" } },
      series: list.map((one) => ({ name: one.name, type: "bar", data: one.data, barMaxWidth: 26 })),
    });
  };

  const pie = (box, chart) => {
    const value = chart.columns.findLastIndex(([, type]) => isNumber(type));
    const [name] = chart.columns[value];
    const data = chart.rows.map((row) => ({ name: row.filter((_, i) => i !== value).map((text) => text || "–").join(" · "), value: number(row[value]) }));
    draw(box, {
      tooltip: { trigger: "item", valueFormatter: (shown) => show(shown, name) },
      legend: { type: "scroll", orient: "vertical", right: 0, top: "middle", textStyle: { width: 170, overflow: "truncate" } },
      series: [{ type: "pie", name: words(name), radius: ["42%", "72%"], center: ["34%", "52%"], data, label: { show: false }, itemStyle: { borderColor: "#fff", borderWidth: 2 } }],
    });
  };

  const kinds = { aggpro: figure, linepro: line, barpro: bar, piepro: pie, table };
  const charts = JSON.parse(document.getElementById("data").textContent);
  charts.forEach((chart) => {
    const box = element(document.getElementById("board"), "section", chart.type);
    element(box, "h2", "", chart.title);
    element(box, "p", "where", `${chart.logstore} · last ${chart.hours >= 48 ? `${Math.round(chart.hours / 24)} days` : `${Math.round(chart.hours)} hours`}`).title = chart.query;
    if (chart.trouble) element(box, "p", "trouble", chart.trouble);
    if (chart.rows.length > 0) (kinds[chart.type] ?? table)(box, chart);
    else if (!chart.trouble) element(box, "p", "none", "no records");
  });
})();
