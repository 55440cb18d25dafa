package import Answering
import Memory
package import Observing
package import Sockets

/// The threads that answer: one UDP worker for each of the listeners' workers, and TCP.
package final class Server: Sendable {
  private let stopping: Waker
  private let threads: [Thread]

  /// Readers of the publication that a server with so many UDP workers has.
  package static func readers(workers: Int) -> Int { workers + 2 }
  /// The index of the one who answers signed requests, who is no thread of this server.
  package static func signedReader(workers: Int) -> Int { workers + 1 }

  /// Starts to answer.
  ///
  /// - Parameters:
  ///   - drain: nanoseconds, once stopping, for what has arrived and for TCP clients to take their answers.
  ///   - signed: gets the requests that are signed with a key of ours.
  ///   - turns: where the workers show that they turn.
  ///   - transferred: called on a worker's thread with each transfer that has ended.
  ///   - failed: called on a worker's thread when it ends by a failure; the process cannot go on serving whole.
  package init(
    _ listeners: Listeners, _ publication: Publication, _ counters: WorkerCounters, tcp limits: TCPLimits,
    drain: UInt64, signed: SignedRequests, turns: Turns, transferred: @escaping @Sendable (TransferReport) -> Void,
    failed: @escaping @Sendable (SystemError) -> Void
  ) throws(SystemError) {
    let stopping = try Waker()
    var threads: [Thread?] = []
    for index in 0..<listeners.workers {
      let worker = UDPWorker(
        index: index, publication: publication, counters: counters, stop: stopping, drain: drain,
        seed: Entropy.number(), workers: listeners.workers, signed: signed, turns: turns)
      threads.append(
        Thread.start("udp \(index)") {
          Thread.shortenSlice()
          do throws(SystemError) { try worker.run(listeners.datagrams[index]) } catch { failed(error) }
        })
    }
    let index = listeners.workers
    threads.append(
      Thread.start("tcp") {
        Thread.shortenSlice()
        do throws(SystemError) {
          var worker = try TCPWorker(
            index: index, publication: publication, counters: counters, limits: limits, seed: Entropy.number(),
            signed: signed, turns: turns, transferred: transferred)
          try worker.run(listeners.streams, stop: stopping, drain: drain)
        } catch { failed(error) }
      })
    guard !threads.contains(where: { $0 == nil }) else {
      stopping.wake()
      for thread in threads { thread?.join() }
      throw SystemError("pthread_create")
    }
    self.stopping = stopping
    self.threads = threads.compactMap(\.self)
  }

  /// Answers what has arrived, stops, and returns when all threads have ended. Once only.
  package func stop() {
    stopping.wake()
    for thread in threads { thread.join() }
  }
}
