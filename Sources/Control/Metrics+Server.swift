import Journal
import Observing

extension Metrics {
  /// The server's own.
  mutating func add(_ figures: Figures, now: Int64) {
    family("alula_info", .gauge, "The running version.")
    sample("alula_info", ["version": figures.version], 1)
    single("alula_start_time_seconds", .gauge, "When the server started, in seconds since 1970.", figures.started)
    addQueries(figures)
    addTCP(figures.counters)
    addZones(figures.zones, now)
    single("alula_reloads_total", .counter, "Reloads that were asked for.", figures.reloads)
    single("alula_reloads_failed_total", .counter, "Reloads that were refused.", figures.failedReloads)
    family(
      "alula_probes_total", .counter, "Attempts of checks, by how they ended; none: for trouble of the server's own.")
    for (result, count) in [
      ("success", figures.probes.successes), ("failure", figures.probes.failures),
      ("none", figures.probes.withoutResult),
    ] {
      sample("alula_probes_total", ["result": result], count)
    }
    family("alula_prober_lag_seconds", .gauge, "How late the prober's loop is.")
    seconds("alula_prober_lag_seconds", nanoseconds: figures.brainLag)
    family("alula_prober_longest_lag_seconds", .gauge, "How late the prober's loop has been at most.")
    seconds("alula_prober_longest_lag_seconds", nanoseconds: figures.longestBrainLag)
    histogram(
      "alula_publication_seconds", "From a verdict to the publication of each answer that it changed.",
      figures.publication)
    if let journal = figures.journal { add(journal, now) }
    single("alula_log_lines_dropped_total", .counter, "Log lines lost to a stalled output.", figures.droppedLogLines)
    single(
      "alula_notices_dropped_total", .counter, "Calls of on-change that found the queue full.", figures.droppedNotices)
    single("alula_notices_failed_total", .counter, "Calls of on-change given up after retries.", figures.failedNotices)
  }

  private mutating func add(_ journal: JournalStatus, _ now: Int64) {
    single("alula_journal_up", .gauge, "Whether the state can be kept.", journal.trouble == nil ? 1 : 0)
    single("alula_journal_records_total", .counter, "Transitions and orders written.", journal.records)
    single("alula_journal_snapshots_total", .counter, "Snapshots of the whole state written.", journal.snapshots)
    single("alula_journal_events_total", .counter, "Events written.", journal.events)
    single("alula_journal_octets_total", .counter, "Octets written.", journal.octets)
    single("alula_journal_dropped_total", .counter, "Records, events and snapshots not written.", journal.dropped)
    single("alula_journal_errors_total", .counter, "Failures of the disk.", journal.errors)
  }

  private mutating func addQueries(_ figures: Figures) {
    let counters = figures.counters
    family("alula_queries_total", .counter, "Queries received.")
    for (transport, name) in [(Counter.Transport.udp, "udp"), (.tcp, "tcp")] {
      for isIPv6 in [false, true] {
        sample(
          "alula_queries_total", ["transport": name, "family": isIPv6 ? "ipv6" : "ipv4"],
          counters.total(.queries(transport, isIPv6: isIPv6)))
      }
    }
    family("alula_questions_total", .counter, "Questions by the type asked for.")
    for counter in Counter.questionTypes where counters.total(counter) > 0 {
      sample("alula_questions_total", ["type": counter.label], counters.total(counter))
    }
    family("alula_answers_total", .counter, "Replies sent, by response code.")
    for counter in Counter.answerCodes where counters.total(counter) > 0 {
      sample("alula_answers_total", ["rcode": counter.label], counters.total(counter))
    }
    single("alula_truncated_total", .counter, "Replies sent with TC.", counters.total(.truncated))
    family("alula_dropped_total", .counter, "Datagrams that were not answered, by cause.")
    let dropped: [(String, UInt64)] = [
      ("malformed", counters.total(.droppedMalformed)), ("response", counters.total(.droppedResponse)),
      ("port_zero", counters.total(.droppedPortZero)), ("rate_limited", counters.total(.droppedRateLimited)),
      ("unsent", counters.total(.droppedUnsent)), ("kernel", figures.kernelDrops),
    ]
    for (cause, count) in dropped { sample("alula_dropped_total", ["cause": cause], count) }
    single(
      "alula_rate_limited_slipped_total", .counter, "Limited answers sent truncated or as BADCOOKIE.",
      counters.total(.slippedRateLimited))
    family("alula_cookies_total", .counter, "Queries with a cookie (RFC 7873).")
    for (kind, counter) in [
      ("client_only", Counter.cookiesMissing), ("wrong", .cookiesWrong), ("valid", .cookiesValid),
    ] {
      sample("alula_cookies_total", ["kind": kind], counters.total(counter))
    }
  }

  private mutating func addTCP(_ counters: WorkerCounters) {
    single("alula_tcp_accepted_total", .counter, "TCP connections accepted.", counters.total(.tcpAccepted))
    family("alula_tcp_closed_total", .counter, "TCP connections closed, by cause.")
    let closed: [(String, Counter)] = [
      ("peer", .tcpClosedByPeer), ("idle", .tcpClosedIdle), ("room", .tcpClosedForRoom), ("misuse", .tcpClosedForCause),
    ]
    for (cause, counter) in closed { sample("alula_tcp_closed_total", ["cause": cause], counters.total(counter)) }
    family("alula_transfers_total", .counter, "Zone transfers, by what became of them.")
    let transfers: [(String, Counter)] = [
      ("started", .transfersStarted), ("finished", .transfersFinished), ("aborted", .transfersAborted),
      ("refused", .transfersRefused),
    ]
    for (state, counter) in transfers { sample("alula_transfers_total", ["state": state], counters.total(counter)) }
  }

  private mutating func addZones(_ zones: [Figures.Zone], _ now: Int64) {
    family("alula_zone_serial", .gauge, "Serial of each zone.")
    for zone in zones { sample("alula_zone_serial", ["zone": zone.name], zone.serial) }
    family("alula_zone_age_seconds", .gauge, "Time since each zone was read.")
    for zone in zones { seconds("alula_zone_age_seconds", ["zone": zone.name], nanoseconds: max(0, now - zone.loaded)) }
  }
}
