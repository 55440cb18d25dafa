import Memory
import Synchronization
import Testing

private final class Place: Sendable {
  let published: Published<Probe>
  init(_ probe: consuming Probe) { published = Published(Shared(probe)) }
}

@Suite struct PublishedTests {
  @Test func exchangeReturnsWhatItReplaces() {
    let ledger = Ledger(count: 3)
    do {
      let place = Place(Probe(0, ledger))
      #expect(place.published.current.number == 0)
      do {
        let replaced = place.published.exchange(Shared(Probe(1, ledger)))
        #expect(replaced.value.number == 0)
        #expect(place.published.current.number == 1)
        #expect(ledger.ends(0) == 0)
      }
      #expect(ledger.ends(0) == 1)
      _ = place.published.exchange(Shared(Probe(2, ledger)))
      #expect(ledger.ends(1) == 1)
      #expect(ledger.ends(2) == 0)
    }
    #expect((0..<3).map(ledger.ends) == [1, 1, 1])
  }

  @Test func leaseOutlivesExchange() {
    let ledger = Ledger(count: 2)
    let place = Place(Probe(0, ledger))
    do {
      let lease = place.published.lease()
      _ = place.published.exchange(Shared(Probe(1, ledger)))
      #expect(ledger.ends(0) == 0)
      #expect(lease.value.check == Probe.check(0))
    }
    #expect(ledger.ends(0) == 1)
    #expect(place.published.current.number == 1)
  }

  /// Readers check that what they borrow has not ended, while a writer replaces it as fast as it can.
  @Test func readersNeverSeeWhatIsReleased() {
    let publications = 20_000
    let ledger = Ledger(count: publications + 1)
    let place = Place(Probe(0, ledger))
    let epochs = ReaderEpochs(readers: 3)
    let counts = Counts()
    let readers = (0..<3).compactMap { index in
      Thread.start("reader") { read(place, epochs, index, ledger, counts) }
    }
    #expect(readers.count == 3)
    while counts.reads.load(ordering: .relaxed) < 3 {}
    var retirement = Retirement(epochs)
    for number in 1...publications {
      retirement.retire(place.published.exchange(Shared(Probe(number, ledger))))
      if number % 3 == 0 { _ = retirement.collect() }
    }
    counts.isDone.store(true, ordering: .relaxed)
    for reader in readers { reader.join() }
    _ = retirement.collect()
    let isEmpty = retirement.isEmpty
    #expect(isEmpty)
    #expect(counts.wrong.load(ordering: .relaxed) == 0)
    #expect((0..<publications).allSatisfy { ledger.ends($0) == 1 })
    #expect(ledger.ends(publications) == 0)
  }
}

private final class Counts: Sendable {
  let reads = Atomic(0)
  let wrong = Atomic(0)
  let isDone = Atomic(false)
}

/// Batch after batch, as a worker does. Numbers must not go back: what is published is seen in order.
private func read(_ place: Place, _ epochs: ReaderEpochs, _ index: Int, _ ledger: Ledger, _ counts: Counts) {
  var last = 0
  while !counts.isDone.load(ordering: .relaxed) {
    epochs.enter(index)
    for _ in 0..<8 {
      let number = look(place.published.current, ledger, counts)
      if number < last { counts.wrong.add(1, ordering: .relaxed) }
      last = number
    }
    epochs.leave(index)
    counts.reads.add(1, ordering: .relaxed)
  }
}

private func look(_ probe: borrowing Probe, _ ledger: Ledger, _ counts: Counts) -> Int {
  let number = probe.number
  let isGood = (0..<4).allSatisfy { _ in probe.check == Probe.check(number) && ledger.ends(number) == 0 }
  if !isGood { counts.wrong.add(1, ordering: .relaxed) }
  return number
}
