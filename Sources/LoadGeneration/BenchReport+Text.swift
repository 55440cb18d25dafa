import Sockets

extension BenchReport {
  /// The report for people, several lines.
  package var text: String {
    var lines = [
      "\(server) over \(transport.uppercased()), \(isClosedLoop ? "closed" : "open") loop, \(Figures.fixed(seconds, 2)) s",
      "",
      "  sent        \(Figures.grouped(sent))",
      "  answered    \(Figures.grouped(answered)), \(Figures.grouped(Int(rate.rounded()))) a second",
      "  lost        \(Figures.grouped(lost))\(share(lost))"
        + (late > 0 ? "; \(Figures.grouped(late)) came late" : ""),
    ]
    if unexpected > 0 { lines.append("  unexpected  \(Figures.grouped(unexpected)): no answers to what was asked") }
    if answered > 0 {
      let codes = responseCodes.map { "\($0.name) \(Figures.grouped($0.count))" }.joined(separator: ", ")
      lines.append("  answers     \(codes)" + (truncated > 0 ? "; truncated \(Figures.grouped(truncated))" : ""))
      lines.append("  octets      \(Figures.fixed(meanAnswer, 1)) on average, \(largestAnswer) at most")
      lines.append("  latency     \(latencyText)")
    }
    lines.append("  generator   \(Figures.percent(share)) of a core\(waiting(generator))")
    if delayed > 0 {
      lines.append(
        "  sent late   \(Figures.grouped(delayed)) more than 1 ms after they were due, by "
          + "\(Figures.fixed(largestDelay / 1000, 3)) ms at most")
    }
    lines += serverLine + troubleLines + watchLines + findMaxLines
    return (lines + ["", verdict]).joined(separator: "\n")
  }

  private func share(_ count: Int) -> String { sent > 0 ? ", \(Figures.percent(Double(count) / Double(sent), 3))" : "" }

  private var latencyText: String {
    func time(_ value: Double) -> String { Figures.fixed(value / 1000, 3) }
    return "p50 \(time(latency.p50)), p90 \(time(latency.p90)), p99 \(time(latency.p99)), "
      + "p99.9 \(time(latency.p999)), largest \(time(latency.largest)) ms"
  }

  /// Only where it matters: the figures then say as much of the machine as of the server.
  private func waiting(_ times: ProcessTimes) -> String {
    guard seconds > 0, times.waited > seconds / 20 else { return "" }
    return ", and waited \(Figures.percent(times.waited / seconds)) of the time for one that others used"
  }

  private var serverLine: [String] {
    guard let serverProcess else { return [] }
    let times = serverProcess.times
    guard answered > 0 else { return ["  server      \(Figures.fixed(times.total, 2)) s of processor time"] }
    func each(_ seconds: Double) -> String { Figures.fixed(seconds * 1e6 / Double(answered), 3) }
    return [
      "  server      \(each(times.total)) µs of processor time a query, \(each(times.user)) user and "
        + "\(each(times.system)) system; \(Figures.percent(times.total / max(seconds, 0.001))) of a core\(waiting(times))"
    ]
  }

  private var troubleLines: [String] {
    var lines: [String] = []
    if troubles.badLines > 0 { lines.append("  bad lines   \(Figures.grouped(troubles.badLines)) were left out") }
    if troubles.unsent > 0 {
      lines.append("  unsent      \(Figures.grouped(troubles.unsent)): the system did not take them")
    }
    if troubles.drops > 0 {
      lines.append("  dropped     \(Figures.grouped(troubles.drops)) answers, as this program's buffers were full")
    }
    if troubles.brokenConnections > 0 {
      lines.append("  broken      \(Figures.grouped(troubles.brokenConnections)) connections")
    }
    if let error = troubles.error { lines.append("  last error  \(error)") }
    return lines
  }

  private var watchLines: [String] {
    guard let watch else { return [] }
    func seconds(_ time: UInt64) -> String { Figures.fixed(Double(time) / 1e9, 3) }
    var lines = [""]
    for endpoint in watch.endpoints.prefix(20) {
      lines.append(
        "  endpoint    \(endpoint.address): \(Figures.grouped(endpoint.answers)) answers, "
          + "from \(seconds(endpoint.first)) s to \(seconds(endpoint.last)) s")
    }
    for change in watch.changes.prefix(20) {
      lines.append(
        "  change      at \(seconds(change.time)) s \(change.question): \(change.fromText) → \(change.toText)")
    }
    let hidden = max(0, watch.changes.count - 20) + watch.unlisted
    if hidden > 0 { lines.append("  change      \(Figures.grouped(hidden)) more") }
    lines.append("  gap         \(seconds(watch.longestGap)) s at most without an answer that has an address")
    let named =
      watch.dead.map { "named \($0), which was dead" } ?? "still named an endpoint after the change away from it"
    return lines + ["  dead        \(Figures.grouped(watch.deadAnswers)) answers \(named)"]
  }

  private var findMaxLines: [String] {
    guard let findMax else { return [] }
    return [
      "",
      findMax.rate > 0
        ? "  highest     \(Figures.grouped(Int(findMax.rate))) a second, with \(Figures.percent(findMax.loss, 3)) lost"
        : "  highest     none: no rate that was tried was sustained",
    ]
  }

  /// The report in one sentence.
  private var verdict: String {
    if answered == 0 {
      let why = troubles.refused > 0 ? ": nobody listens there" : unexpected > 0 ? ": what came was no answer" : ""
      return "Nothing was answered\(why)."
    }
    let end = gaveUp ? "Ended early, as no answer came any more. " : ""
    switch limitedBy {
    case .server: return end + "The server was the limit."
    case .generator:
      return end + "The generator was the limit: the server may be faster than this."
    case .rate: return end + "The rate was kept."
    }
  }
}
