"""First and family names that are common where our users are; words that are also things left out.

A name here is evidence, never proof: what counts is a first name before a family name, or a column
most of whose values are such words.
"""

from __future__ import annotations

_FIRST = """
aaron abdul abdullah abena abigail ada adam adebayo adele aditya adrian agnes agnieszka ahmed
aiden aino aisha akira akua alan alba albert alberto alejandra alejandro aleksandra alessandro
alex alexander alexandra alexandre alexandria alexei alexis alfonso alfred ali alice alicia
alina allison amanda amelia amelie amina aminata amir amit amy ana ananya anastasia ander anders
andre andrea andreas andreea andres andrew andrzej angel angela angelika anil anita anja ann
anna anne anneliese annemarie annette anouk anthony antoine anton antonia antonio aoife ariana
arjun arnaud arthur arturo ashley astrid audrey ava axel ayse barbara bastian beatrice beatriz
begona ben bence benedikt benjamin benoit bernadette bernard bernd bertrand beth bettina bianca
birgit bjorn bob bogdan boris brandon brenda brian brigitte brittany bronwyn bruno bryan burak
camila camille carina carl carla carlo carlos carmen caroline carsten catarina caterina
catherine cecile celine cesar chantal charles chiara chinedu chioma chloe chris christa
christian christiane christina christine christoph christophe christopher ciaran cindy claire
clara claude claudia claudio claus clemens clement cody colin connor corinna courtney cristina
cynthia daan dagmar damien daniel daniela danielle dario darnell dave david davide deborah
deepak delphine denis denise dennis derek derrick detlef diana didier diego dieter dirk dmitri
dmitry dolores dominik dominique donald donna dora doris dorothea dorothy douglas dragan dustin
dylan eberhard edgar edoardo eduardo edward eero eileen ekaterina eleanor elena elias elif
elijah elisa elisabeth elise elizabeth elke ella ellen ellie elodie elsa emeka emil emilia
emilie emily emma emmanuel emre encarnacion enrico enrique eric erica erik erika ernst esteban
esther eszter ethan etienne eugene eva evelyn ewan fabian fabien fabio fabrice fang fatima fatma
fatou federica federico felix femke ferdinand fernanda fernando fernao fiona florian francesca
francesco francis francisco francois francoise frank franz fred frederic frederik freja
friedrich gabriel gabriela gabriele gabrielle galina gareth gary gavin genevieve geoffrey george
georges georgia gerald gerard gerd gerhard gerlinde gertrud gilles giorgia giorgio giovanni
gisela giulia giuliana giuseppe gloria gonzalo grace graham gregor gregory greta guadalupe
gudrun guillaume guillermo gunther gustav hailey hakan hamish hanna hannah hannelore hans harald
harold harper harry hartmut haruka hassan hatice heather hector heidemarie heidi heike heinrich
heinz helen helena helene helga helmut henri henrik henry herbert hermann hiroshi hugo hui
hussein hyun iain ian ibrahim ibrahima ignacio igor iker ilaria ilona ines inga inge ingo ingrid
inmaculada ioana irene irina iris isaac isabel isabell isabella isabelle ishaan istvan ivan
ivana jack jackie jacob jacqueline jacques jaime jakob jakub jamal james jamie jan jana jane
janet janina jason javier jean jean-luc jean-pierre jeanne jeff jeffrey jelena jenna jennifer
jens jeremy jerome jerry jesper jesse jessica jesus jill jim jimmy jiri joachim joan joana
joanna joao joaquin joaquina jochen joe joel joerg johan johann johanna johannes john jonas
jonathan joost jordi jorg jorge jose josef josefine joseph josephine joshua joyce juan juana
judith julia julian juliane julie julien juliette julio juma jurgen justin justine jutta karen
karim karin karina karl karla karsten katalin katarina katarzyna katharina katherine kathleen
kathrin kathryn katie katja katrin kavita kayla kaylee keith kelly kemal ken kenji kenneth
kerstin kevin khadija khalid kim kimberly kjell klara klaus kofi konrad kristen kristin kristina
krzysztof kunigunde kurt kwame kyle lakshmi lara larissa larry lars laszlo latoya laura lauren
laurence laurent laurie layla lea leah leandro leila lena leo leon leonard leonardo leonie
leticia liam lieke liesel lina linda lindiwe ling linnea lisa lorena lorenzo louis louisa louise
luca lucas lucia lucie lucy ludmila ludwig luis luisa lukas lukasz luke luther lutz lydia
madeleine maelle magdalena magnus maja malgorzata malte mamadou manfred manon manuel manuela
marc marcel marcela marcin marco marcos marcus margaret margarita margot maria mariam mariana
marianne marie marie-claire marina mario marion marius mark marko markus marlene marta martha
martin martina martine mary maryam mateo mathias mathieu mathilde matilda matt matteo matthew
matthias matthieu matti maureen maurice mauricio max maxime maximilian megan mehmet melanie
melissa mercedes mette mhairi mia michael michaela michal michel michele michelle miguel mihai
mike mikhail milena minjun miranda miriam mohamed mohammed monica monika monique montserrat
moritz moussa muhammad murat murielle mustafa nadia nadine nadja nancy naoko naomi natalia
natalie natasha nathalie nathan neha nele ngozi niamh nicholas nick nico nicolas nicole niels
nikita niklas nikola nikolai nils nina noah noemi nomsa noor nora norbert norma nuria odile olaf
oleg olga oliver olivia olivier oluwaseun omar omari oscar oskar osman otto ousmane owen pablo
padraig pamela paola paolo pascal patrice patricia patrick paul paula pauline pavel pawel pedro
peggy pekka penelope peter petr petra peyton philip philipp philippe phillip pierre pieter pilar
piotr pooja priya rachel radu rafael rafaela rahul rainer raj rajesh ralf ralph ramon rania
raphael raquel rasmus raul ravi ray raymond rebecca regina reiner reinhard renate rene rhys
ricardo richard riley rita rob robert roberta roberto robin rocio rodrigo roger rohan roland
rolf romain roman ronald rosa rosario roswitha roxane ruben rudolf rui ruth ryan sabine sabrina
sakura salvador sam samantha samir samira samuel sandra sandrine sandro sanjay sanna sanne
santiago sara sarah saskia satoshi scarlett scott sean sebastian sebastien selin selina seojun
sergei sergio seth sharon sheila shirley sibylle siegfried sigrid silke silvia simon simona
simone siobhan sipho sofia sofie solange solene sonia sonja sophia sophie soren stefan stefanie
stella stephan stephane stephanie stephen steve steven stuart sue sunita suresh susan susana
susanne suzanne sven svenja svetlana sylvia sylvie takashi tamara tania tanisha tanja tara tariq
tatiana tatyana ted teresa terry thabo thea theo theodor theresa therese thiago thierry thilo
thomas thorsten tiago tiffany till tim timo timothy tina tobias todd tom tomas tomasz toni tony
torsten tracy travis tristan tunde tyler udo ulf uli ulrich ulrika ulrike unai ursula uschi ute
uwe vaclav valentin valentina valerie vanessa vasco vera veronica veronika veronique vicente
victor vikram viktor viktoria vincent viola virginie viviane vladimir volker walter waltraud
wanda wanjiru wei wendy werner wilhelm will willem willemijn william winfried wojciech wolfgang
xavier xiu yan yann yasin yasmin yolanda yuki yuri yusuf yves yvette yvonne zachary zahra zainab
zdenek zeynep zoe zoey zofia zoltan
"""
_FAMILY = """
abdi adams adebayo adjei adkins agarwal ahmed albrecht alexander ali allen almeida alonso
alvarez anderson andersson andre araujo arnaud arnold arslan aubert aydin aziz bailey bakker
banerjee barbier barbieri barbosa barnes bauer baumann beck becker begum benitez bennett berg
berger bergmann bernard bertrand bianchi blanc blanchard blanco boateng bondarenko bonnet
bouvier boyer brandt braun brennan brooks brown brun brunet bruno bryant bui burke burns busch
butler byrne caballero cabrera calvo campbell campos cano cao carlson caron carpentier carroll
carter caruso carvalho castillo castro celik cerny chapman chatterjee chaudhry chavez chen
chevalier cho choi christensen claes clark clarke clement cohen coleman colin collins colombo
conti cook cooper costa cox cruz cunningham curie dahl dang daniels david davies davis de-vries
dekker delgado delmas demir deng diallo diaz dietrich diez diop dixon dlamini doe dogan domingo
dominguez doyle dubois dumitru duncan dunn duong dupont dupuis duran durand dvorak ebert eckert
edwards elliott ellis engel engelhardt ernst esposito evans eze fabre farouk faure fedorov feng
ferguson fernandez ferrara ferrari ferreira fischer fisher fleming flores fontaine fontana ford
foster fournier fowler francois frank franke freeman friedman friedrich fuchs fuentes gallagher
galli gallo gao garcia gardner garnier garrido gauthier gautier gebhardt geiger gerard gibbs
gibson gil gimenez giordano girard giraud goldberg gomes gomez gonzales gonzalez goossens gordon
graf grant gray greco green griffin grimm grosjean gross guerin guerrero guillaume guillot
gunther guo gupta gutierrez haas haddad hahn hall hamel hamilton han hansen harris harrison
hartmann harvey hassan haugen hauser hayes heinrich heller henderson henry hernandez herrera
herrmann hess hidalgo hill hoffman hoffmann hofmann hopper horn horvath howard huang huber
hubert hughes hunt hunter hussain hussein ibanez ibrahim iglesias ionescu ito ivanov ivanova
iyer jackson jacob jacobs jacquet jaeger jager james jang jansen janssen jenkins jensen jimenez
johansson johnson johnston joly jones jong jordan jorgensen joshi jost jovanovic jung kaiser
kamau kaminski kang karlsson kato katz kaufmann kaur kavanagh kaya keita keller kelly kennedy
kern khalil khan kiefer kim king kirchner kiss klein knight kobayashi koch koenig kohler konig
korhonen kovacs kovalenko kowalczyk kowalski kraft kramer kraus krause krauss krishnan krueger
kruger kuhn kumar kuznetsov lambert lang lange langlois larsen larsson laurent lawrence lawson
lecomte lee lefebvre lefevre legrand lehmann lemaire leon leone leroux leroy levy lewandowski
lewis liang lim lin lindberg lindholm lindner lindqvist liu lloyd lombardi long lopez lorenz
lorenzo lovelace lozano lucas ludwig luna luo maccarthy macdonald mackenzie maes mahmoud maier
maillard makinen malik mancini mancuso mann marchand mariani marin marini marino markovic
marquez marsh marshall martin martinez martini martins marty mason masson mathieu mayer mccarthy
mcdonald mckenzie medina mehta meier meister menard mendez mendoza menon mensah mercier merkel
meunier meyer michel miller mills mishra mitchell mizrahi mohamed mokoena molina molnar montero
moore morales moreau morel moreno moretti morgan morin morozov morris morton moulin mueller
mukherjee mulder muller munoz murphy murray musterfrau mustermann mwangi myers nagy nair
nakamura nasser navarro ndiaye ndlovu nelson neumann ngo nguyen nichols nicolas nielsen nieminen
nieto nikolic nilsson njoroge nkosi noel novak novotny nowak nowicki obrien oconnor okafor
okonkwo oliveira olivier olsen olson olsson oneill ortega ortiz otieno ott otto owens owusu
ozturk palmer pandey papadopoulos park parker pascual patel patterson payne pedersen peeters
pelletier pena peng pereira perez perkins perrier perrin perrot perry persson peters petersen
peterson petit petrov petrovic pfeiffer pham philippe phillips picard pierce pohl poirier
popescu popov porter powell price prochazka quinn qureshi raghunathan rahman ramirez ramos
ramsey rao rasmussen rausch raynaud reddy reed reid renard renaud reuter rey reyes reynolds
rhodes ribeiro ricci rice richard richardson richter rinaldi ritter rivera riviera robert
roberts robin robinson rodriguez roe rogers rolland roman romano romero rosenberg ross rossi
roth rousseau roussel roux roy royer rubio ruiz russell russo ryan sahin salazar sanchez sanders
santana santos sanz sato sauer sauter schaefer schafer schenk scherer schilling schmid schmidt
schmitt schmitz schneider scholz schreiber schroder schroeder schubert schulte schultz schulz
schulze schumacher schuster schwarz scott seidel seifert seo serrano shah shapiro sharma shaw
shevchenko shin siddiqui silva simmons simon simpson sinclair singer singh smirnov smit smith
snyder sokolov sommer soto souza spencer stein steiner stephens stern stevens stewart sturm
suarez subramanian sullivan suzuki svensson svoboda szabo szymanski takahashi tanaka tang taylor
thiel thomas thompson thomson toth toure tran traore tucker turing turner ullrich unger urban
varga vargas vasquez vasseur vazquez vega verma vermeulen vidal villa vincent virtanen visser
vogel vogt voigt volkov wagner walker wallace walsh walter wang ward warren washington watanabe
watkins watson weaver webb weber weiss wells wendt wenzel werner west wheeler white wilkinson
willems williams willis wilson winkler winter wirth wisniewski wojcik wolf wolff wong wood woods
wouters wozniak wright wu xiao xie xu yamamoto yang yildirim yildiz yilmaz yoon young zander
zhang zhao zheng zhou zhu ziegler zielinski zimmermann
"""
FIRST_NAMES = frozenset(_FIRST.split())
FAMILY_NAMES = frozenset(_FAMILY.split())
