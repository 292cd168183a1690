# frozen_string_literal: true

# Reports an S3 migration to an ops-console: one file, Ruby 2.7 or newer, no gem.
#
# Promises to the job that uses it:
# - `report` writes to a file and returns; the network is never in its way, and nothing here raises into the job.
# - What was written is sent in order, again after a lost answer or a restart, and dropped by nobody. What the console
#   refuses for good is kept beside the spool in `refused.ndjson`.
# - `may_go_on?` waits while people pause and is false once they cancel.

require "digest"
require "fileutils"
require "json"
require "net/http"
require "stringio"
require "time"
require "uri"
require "zlib"

module OpsConsole
  class Reporter
    BATCH_ITEMS = 500
    # Half of what the console takes, so that no batch of long messages is refused.
    BATCH_BYTES = 4 * 1024 * 1024
    TIMEOUT_S = 2
    HEARTBEAT_S = 5
    IDLE_S = 0.2
    MAX_PAUSE_S = 30
    MESSAGE_MAX = 2000

    Answer = Struct.new(:status, :body, :retry_after)

    # The console's word on what people want: "running", "paused" or "cancelled".
    attr_reader :desired

    def initialize(url:, ref:, token:, spool_dir:, name: nil, source: nil, destination: nil, declared: nil,
                   writer: "default", on_trouble: nil)
      @base = URI("#{url}/api/v1/migrations/#{URI.encode_www_form_component(ref)}")
      @token = token
      @about = { name: name, source: source, destination: destination, declared: declared }.compact
      @writer = writer
      @on_trouble = on_trouble
      @spool = File.join(spool_dir.to_s, "spool.ndjson")
      @place_file = File.join(spool_dir.to_s, "place.json")
      @refused_file = File.join(spool_dir.to_s, "refused.ndjson")
      @place = { "offset" => 0 }
      @desired = "running"
      @status = "running"
      @failures = 0
      @heard_at = 0
      @lock = Mutex.new
      safely("open the spool") { recover(spool_dir.to_s) }
      @thread = Thread.new { run }
      @thread.report_on_exception = false
    end

    # Writes one item down: key:, state:, and size:, checksum:, algo:, content_type:, error: { class:, code:, message: }.
    # Never raises, never waits for the network; false when even the disk refused.
    def report(key:, state:, **more)
      safely("write an item down") do
        item = { at: Time.now.utc.iso8601(3), key: text(key), state: state.to_s }.merge(more)
        item[:error] = item[:error].merge(message: text(item[:error][:message].to_s)[0, MESSAGE_MAX]) if item[:error]
        @lock.synchronize { File.open(@spool, "ab") { |file| file.write("#{JSON.generate(item)}\n") } }
        @current_key = item[:key]
        true
      end == true
    end

    # Waits while people pause. False means: stop, it was cancelled.
    def may_go_on?
      while @desired == "paused"
        @status = "paused"
        sleep(IDLE_S)
      end
      @status = @desired == "cancelled" ? "stopped" : "running"
      @desired != "cancelled"
    end

    def waiting?
      (safely("look at the spool") { File.size(@spool) } || 0) > @place["offset"]
    end

    # Waits until all is sent, at most `seconds`; the rest stays on the disk for the next time.
    def flush(seconds = 30)
      ends_at = now + seconds
      sleep(IDLE_S) while waiting? && now < ends_at
      !waiting?
    end

    # Ends the report when the job's own counts are what arrived: [true, nil] or [false, "incomplete"].
    def complete(objects:, bytes: nil, states: nil, key_digest: nil)
      result = safely("end the report") do
        next [false, "not_sent"] unless flush && @stream

        claimed = { objects: objects, bytes: bytes, states: states }.compact
        json = { stream: @stream["id"], epoch: @stream["epoch"], claimed: claimed, key_digest: key_digest }.compact
        answer = call(:Post, "/complete", json)
        answer.status == 200 ? [true, nil] : [false, answer.body["code"] || "unreachable"]
      end
      result || [false, "failed"]
    end

    # Sends what it can within `seconds`, then lets go. What is left is sent by the next process with this spool.
    def close(seconds = 10)
      safely("close") do
        flush(seconds)
        @closing = true
        @thread.join(TIMEOUT_S * 2 + MAX_PAUSE_S)
        @status = "stopped"
        beat if @stream
      end
      nil
    end

    # XOR of the SHA-256 of every key, each once: what `complete` compares.
    def self.key_digest(keys)
      sum = [0] * 32
      keys.each { |key| Digest::SHA256.digest(key).each_byte.with_index { |byte, at| sum[at] ^= byte } }
      sum.pack("C*").unpack1("H*")
    end

    private

    def run
      until @closing
        work = safely("send") { turn } || :wait_long
        sleep(IDLE_S) if work == :idle
        sleep(1) if work == :wait_long
      end
    end

    def turn
      return :wait if @stream.nil? && !open_stream

      work = send_next
      beat if work == :idle && now - @heard_at > HEARTBEAT_S
      work
    end

    def open_stream
      put = call(:Put, "", @about)
      return back_off(put) unless [200, 201].include?(put.status)

      opened = call(:Post, "/streams", { writer: @writer })
      return back_off(opened) unless opened.status == 200

      @stream = { "id" => opened.body["stream"], "epoch" => opened.body["epoch"],
                  "next_seq" => opened.body["next_seq"] }
      batch = @place["batch"]
      # Applied in an earlier life whose answer was lost.
      move_on(batch["end"]) if batch && batch["seq"] < @stream["next_seq"]
      true
    end

    def send_next
      items = next_items
      return :idle if items.nil?

      answer = post_batch(items)
      return repair(answer, items) ? :sent : :wait unless answer.status == 200

      @stream["next_seq"] = answer.body["next_seq"]
      @failures = 0
      move_on(@place["batch"]["end"])
      :sent
    end

    def post_batch(items)
      json = { epoch: @stream["epoch"], seq: @place["batch"]["seq"], items: items }
      call(:Post, "/streams/#{@stream['id']}/batches", json)
    end

    # Freezes the next lines as a batch; the same lines as before when they were sent and never answered.
    def next_items
      frozen = @place["batch"]
      items, ends = read_lines(@place["offset"], frozen && frozen["end"])
      return nil if items.empty?

      unless frozen
        @place["batch"] = { "seq" => @stream["next_seq"], "end" => ends }
        save_place
      end
      items
    end

    # Each refusal the console names can be put right here; true when it was, and sending goes on at once.
    def repair(answer, items)
      case answer.body["code"]
      when "epoch_superseded"
        @stream = nil
        pause(answer)
        false
      when "seq_reused_with_other_body"
        @stream = nil
        thaw
        pause(answer)
        false
      when "seq_gap"
        @stream["next_seq"] = answer.body["expected_seq"]
        thaw
        true
      when "invalid_items", "state_regression" then set_aside(answer, items)
      when "payload_too_large", "malformed", "stream_closed" then set_all_aside(answer.body["code"], items)
      else back_off(answer)
      end
    end

    # What the console will never take is kept in a file of its own, before the others go again as a new batch.
    def set_aside(answer, items)
      bad = Array(answer.body["items"]).to_h { |entry| [entry["index"], entry] }
      return set_all_aside(answer.body["code"], items) if bad.empty?

      keep_refused(items.each_with_index.select { |_, at| bad.key?(at) }.map { |item, at| { why: bad[at], item: item } })
      good = items.reject.with_index { |_, index| bad.key?(index) }
      unless good.empty?
        again = post_batch(good)
        return set_aside(again, good) if %w[invalid_items state_regression].include?(again.body["code"])

        @stream = nil if again.body["code"] == "epoch_superseded"
        return back_off(again) unless again.status == 200

        @stream["next_seq"] = again.body["next_seq"]
      end
      move_on(@place["batch"]["end"])
      true
    end

    def set_all_aside(code, items)
      keep_refused(items.map { |item| { why: code, item: item } })
      move_on(@place["batch"]["end"])
      true
    end

    def keep_refused(entries)
      trouble("the console refused #{entries.size} items; they are kept in #{@refused_file}")
      File.open(@refused_file, "ab") { |file| entries.each { |entry| file.write("#{JSON.generate(entry)}\n") } }
    end

    def beat
      json = { stream: @stream["id"], epoch: @stream["epoch"], status: @status }
      key = @current_key
      json[:current_key] = key if key && key.bytesize <= 1024 && !key.include?("\0")
      answer = call(:Post, "/heartbeat", json)
      @stream = nil if answer.body["code"] == "epoch_superseded"
      back_off(answer) unless answer.status == 200
    end

    def call(method, where, json)
      request = Net::HTTP.const_get(method).new("#{@base.path}#{where}")
      request["Authorization"] = "Bearer #{@token}"
      request["Content-Type"] = "application/json"
      request["Content-Encoding"] = "gzip"
      request.body = gzip(JSON.generate(json))
      response = http.start { |connection| connection.request(request) }
      body = parse(response.body)
      hear(body) if response.is_a?(Net::HTTPSuccess)
      after = response["Retry-After"]
      Answer.new(response.code.to_i, body, after && Float(after, exception: false))
    rescue StandardError
      Answer.new(0, {}, nil)
    end

    def http
      connection = Net::HTTP.new(@base.host, @base.port)
      connection.use_ssl = @base.scheme == "https"
      connection.open_timeout = TIMEOUT_S
      connection.read_timeout = TIMEOUT_S
      connection.write_timeout = TIMEOUT_S
      # Our own place decides what is sent again, not a library.
      connection.max_retries = 0
      connection
    end

    def gzip(plain)
      out = StringIO.new("".b)
      writer = Zlib::GzipWriter.new(out)
      writer.write(plain)
      writer.close
      out.string
    end

    def parse(plain)
      parsed = JSON.parse(plain.to_s)
      parsed.is_a?(Hash) ? parsed : {}
    rescue JSON::ParserError
      {}
    end

    def hear(body)
      @heard_at = now
      desired = body["desired_state"]
      @desired = desired if %w[running paused cancelled].include?(desired)
    end

    # Waits as long as the console asks, or longer each time it does not answer.
    def back_off(answer)
      if @failures.zero? && ![429, 503].include?(answer.status)
        why = answer.body["detail"] || "no answer"
        trouble("the console did not take the report (#{answer.status}: #{why}); it is kept and sent again")
      end
      @failures += 1
      pause(answer)
      false
    end

    def pause(answer)
      grown = [MAX_PAUSE_S, IDLE_S * (2**[@failures, 8].min)].min
      sleep(answer.retry_after || (grown * (0.5 + rand / 2)))
    end

    # A spool whose last line was cut by a crash ends with the line before: the job will report that item again.
    def recover(dir)
      FileUtils.mkdir_p(dir)
      @place = JSON.parse(File.read(@place_file)) if File.exist?(@place_file)
      FileUtils.touch(@spool)
      last = File.binread(@spool).rindex("\n")
      ends = last ? last + 1 : 0
      File.truncate(@spool, ends) if ends < File.size(@spool)
      @place = { "offset" => 0 } if @place["offset"] > ends
    end

    def read_lines(offset, ends)
      File.open(@spool, "rb") do |file|
        file.seek(offset)
        plain = file.read(ends ? ends - offset : BATCH_BYTES) || ""
        lines = plain.lines.take_while { |line| line.end_with?("\n") }
        lines = lines.first(BATCH_ITEMS) unless ends
        [lines.map { |line| JSON.parse(line.force_encoding(Encoding::UTF_8)) }, offset + lines.sum(&:bytesize)]
      end
    end

    def move_on(offset)
      @place = { "offset" => offset }
      save_place
    end

    def thaw
      move_on(@place["offset"])
    end

    # Whole or not at all: a rename, so that a crash leaves the old place or the new one.
    def save_place
      File.write("#{@place_file}.new", JSON.generate(@place))
      File.rename("#{@place_file}.new", @place_file)
    end

    # A key that is no UTF-8 would make the JSON raise; the console would refuse it too.
    def text(value)
      string = value.to_s.dup.force_encoding(Encoding::UTF_8)
      string.valid_encoding? ? string : string.scrub
    end

    def now
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end

    def safely(what)
      yield
    rescue StandardError => e
      trouble("could not #{what}: #{e.class}: #{e.message}")
      nil
    end

    def trouble(message)
      @on_trouble&.call(message)
    rescue StandardError
      nil
    end
  end
end
