// The smallest chat with gorilla/websocket, built as its documentation advises: one goroutine reads a
// connection, one writes it from a bounded channel, and a hub passes messages on.
package main

import (
	"log"
	"net/http"
	"os"

	"github.com/gorilla/websocket"
)

const queued = 256

type hub struct {
	join, leave chan chan []byte
	messages    chan []byte
}

func (h *hub) run() {
	readers := map[chan []byte]bool{}
	for {
		select {
		case reader := <-h.join:
			readers[reader] = true
		case reader := <-h.leave:
			if readers[reader] {
				delete(readers, reader)
				close(reader)
			}
		case message := <-h.messages:
			for reader := range readers {
				select {
				case reader <- message:
				default: // too slow
					delete(readers, reader)
					close(reader)
				}
			}
		}
	}
}

// write sends what is queued; several messages that wait go out in one frame, a line each.
func write(connection *websocket.Conn, queue chan []byte) {
	defer connection.Close()
	for message := range queue {
		frame, err := connection.NextWriter(websocket.TextMessage)
		if err != nil {
			return
		}
		frame.Write(message)
		for waiting := len(queue); waiting > 0; waiting-- {
			frame.Write([]byte{'\n'})
			frame.Write(<-queue)
		}
		if frame.Close() != nil {
			return
		}
	}
}

func main() {
	everybody := &hub{join: make(chan chan []byte), leave: make(chan chan []byte), messages: make(chan []byte)}
	go everybody.run()
	upgrader := websocket.Upgrader{ReadBufferSize: 1024, WriteBufferSize: 1024}
	http.HandleFunc("/", func(answer http.ResponseWriter, request *http.Request) {
		connection, err := upgrader.Upgrade(answer, request, nil)
		if err != nil {
			return
		}
		queue := make(chan []byte, queued)
		everybody.join <- queue
		go write(connection, queue)
		defer func() { everybody.leave <- queue }()
		for {
			_, message, err := connection.ReadMessage()
			if err != nil {
				return
			}
			everybody.messages <- message
		}
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
